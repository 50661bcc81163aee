-- The articles with a topic, latest first.
--
-- Grain: an article.
-- Formerly: about
-- Parameters:
--   topic_name: The topic, in any case, or its topic_id.
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
inner join core.article_topics as links on links.document_id = articles.document_id
inner join core.dim_topics as names on names.topic_id = links.topic_id
where lower(names.topic) = lower(trim(topic_name)) or names.topic_id = topic_name
order by articles.published_date desc nulls last, articles.document_id
