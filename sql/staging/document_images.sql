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
select
    document_id,
    position,
    nullif(trim(url), '') as url,
    host,
    width,
    height,
    is_cached,
    coalesce(trim(url) <> '', false) as is_usable
from tidy.document_images
