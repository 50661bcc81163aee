-- The articles published since a day, of all kinds, latest first.
--
-- Grain: an article with a published date.
-- Parameters:
--   first_day: The first day (UTC), such as '2021-01-01'.
--   last_day = '9999-12-31': The last day (UTC).
-- Columns:
--   document_id
--   published_date
--   provider_name
--   title
--   topics
--   type
--   kind
--   heat
--   quality
select
    articles.document_id,
    articles.published_date,
    articles.provider_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.kind,
    articles.heat,
    articles.quality
from main.articles as articles
where articles.published_date between cast(first_day as date) and cast(last_day as date)
order by articles.published_date desc, articles.document_id
