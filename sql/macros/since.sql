-- The articles published since a day, the latest first.
--
-- Grain: an article with a published date.
-- Parameters:
--   first_day: The first day (UTC), such as '2021-01-01'.
--   last_day = '9999-12-31': The last day (UTC).
-- Columns:
--   document_id: The article.
--   published_date: The UTC day on which it was published; NULL where the file does not say.
--   provider_name: Name of its provider; NULL where the file names none.
--   title: Title; NULL where the file has none.
--   topics: Its topics in the order of the file, between semicolons; NULL where it has none.
--   type: Kind of document as written; NULL where the file has none.
--   heat: Heat score; NULL where the file has none and where the article is suppressed.
--   quality: Quality score; NULL where the file has none.
select
    articles.document_id,
    articles.published_date,
    articles.provider_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.heat,
    articles.quality
from main.articles as articles
where articles.published_date between cast(first_day as date) and cast(last_day as date)
order by articles.published_date desc, articles.document_id
