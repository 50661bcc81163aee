-- The images of a document, and whether a reader could see them.
--
-- Grain: an image of a document.
-- Key: document_id, position
-- Columns:
--   document_id: The document.
--   position
--   url?: URL of the image; NULL rather than blank.
--   host?: Host of the URL; NULL for a relative URL and for none.
--   width?: Width in pixels; NULL where the file does not say.
--   height?: Height in pixels; NULL where the file does not say.
--   is_cached
--   is_usable: Whether the image has a URL at all.
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
