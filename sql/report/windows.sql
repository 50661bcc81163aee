-- The last window of days and the window before it, as in the marts.
--
-- Grain: a window: 0 for the last one, which ends on window_end_date of report.scope, 1 for the one before.
-- Key: window_number
-- Columns:
--   window_number: 0 for the last window, 1 for the one before.
--   first_date
--   last_date
--   is_covered
--   article_count
--   event_count
--   topic_count [topics]
--   provider_count [provider]
--   author_count [authors]
--   with_image_article_count [images]
select
    window_number,
    first_date,
    last_date,
    is_covered,
    article_count,
    event_count,
    topic_count,
    provider_count,
    author_count,
    with_image_article_count
from report.trend
where window_number in (0, 1)
