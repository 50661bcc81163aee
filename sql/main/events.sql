-- Events at a glance, those of most articles first: what happened, how many reported it, and for how long.
--
-- An event is found in the titles and excerpts of news with a date, see core.events.
--
-- Grain: an event.
-- Key: event_id
-- Columns:
--   title
--   article_count
--   provider_count [provider]
--   first_published_at
--   last_published_at
--   span_hours
--   event_id
select
    title,
    article_count,
    provider_count,
    first_published_at,
    last_published_at,
    span_hours,
    event_id
from core.events
order by article_count desc, provider_count desc, first_published_at desc, event_id
