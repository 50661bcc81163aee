-- The event of each news article with a date.
--
-- Grain: a news article with a calendar_date.
-- Key: document_id
-- Columns:
--   document_id
--   event_id
select
    document_id,
    event_id
from tidy.article_events
