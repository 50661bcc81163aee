-- Images of documents, with blank URLs as NULL.
--
-- Grain: an image of a document.
-- Key: document_id, position
-- Columns:
--   document_id
--   position
--   url?: URL of the image, trimmed; NULL if absent or blank.
--   host
--   width
--   height
--   is_cached
--   is_usable: Whether the image has a URL that is not blank.
with trimmed as (
    select
        document_id,
        position,
        -- To trim a text takes long, and few URLs have a blank or a letter beyond ASCII.
        case
            when strlen(url) > length(url) or starts_with(url, ' ') or ends_with(url, ' ')
                then nullif(trim(url), '')
            else nullif(url, '')
        end as trimmed_url,
        host,
        width,
        height,
        is_cached
    from tidy.document_images
)

select
    document_id,
    position,
    trimmed_url as url,
    host,
    width,
    height,
    is_cached,
    trimmed_url is not null as is_usable
from trimmed
