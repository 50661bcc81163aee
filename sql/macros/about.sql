-- The articles that carry a topic, the latest first.
--
-- Grain: an article.
-- Parameters:
--   topic_name: The topic, in any case of letters, or its topic_id.
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
inner join core.article_topics as links on links.document_id = articles.document_id
inner join core.dim_topics as names on names.topic_id = links.topic_id
where lower(names.topic) = lower(trim(topic_name)) or names.topic_id = topic_name
order by articles.published_date desc nulls last, articles.document_id
