-- Spans of the images of documents: from when to when a document had an image. One that moves to another
-- position, or of which only other columns change, stays one span; two of the same in a document are one.
--
-- On censoring: a span of the first step began then or before; one without a last_step may go on. A span
-- ends with the life of its document, also where that is renamed.
--
-- Grain: a stretch of steps over which a document had the image.
-- Key: document_id, url, first_step
-- Columns:
--   document_id
--   url: URL of the image as written.
--   title?: Title of the image, the first in the alphabet if it had several; NULL if it had none.
--   first_step
--   last_step
--   first_at
--   last_at
--   gone_at
--   is_new
--   is_lost
--   is_left_censored
--   is_right_censored
select
    document_id,
    item as url,
    label as title,
    first_step,
    last_step,
    first_at,
    last_at,
    gone_at,
    is_new,
    is_lost,
    is_left_censored,
    is_right_censored
from history.item_spans
where kind = 'image'
