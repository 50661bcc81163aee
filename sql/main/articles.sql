-- Articles to browse: who published what, when and on which topics, with names in place of ids.
--
-- core.articles has the other columns of an article. Topics in one text are for reading; count by topic with
-- core.article_topics or the marts.
--
-- Grain: an article.
-- Key: document_id
-- Columns:
--   document_id
--   published_date
--   provider_name? [provider]: Name of its provider; NULL if the file names none.
--   title
--   topics? [topics]: Its topics in the order of the file, separated by semicolons; NULL if it has none.
--   type
--   kind
--   heat [scores]
--   quality [scores]
--   is_published
--   has_image [images]
--   event_id
--   event_article_count?: Articles of the same event, including this one; NULL for an article that is in no
--     event.
--   cluster_id [related]
--   cluster_article_count [related]: Articles of the same cluster, including this one.
--   canonical_url
--   path
with topics as (
    select
        links.document_id,
        string_agg(names.topic, '; ' order by links.position) as topics
    from core.article_topics as links
    inner join core.dim_topics as names on names.topic_id = links.topic_id
    group by links.document_id
)

select
    articles.document_id,
    articles.published_date,
    providers.provider_name,
    articles.title,
    topics.topics,
    articles.type,
    articles.kind,
    articles.heat,
    articles.quality,
    articles.is_published,
    articles.has_image,
    articles.event_id,
    events.article_count as event_article_count,
    articles.cluster_id,
    clusters.article_count as cluster_article_count,
    articles.canonical_url,
    articles.path
from core.articles as articles
inner join core.clusters as clusters on clusters.cluster_id = articles.cluster_id
left join core.events as events on events.event_id = articles.event_id
left join core.dim_providers as providers on providers.provider_id = articles.provider_id
left join topics on topics.document_id = articles.document_id
