-- Clusters at a glance: title, size, topics, first provider and time span, with names in place of ids.
--
-- A cluster is the source's own group of related links, of days or years; what happened on a day is in
-- main.events.
--
-- Grain: a cluster.
-- Key: cluster_id
-- Needs: related
-- Columns:
--   cluster_id
--   title
--   article_count
--   provider_count [provider]
--   topic_count [topics]
--   topics? [topics]: Its topics separated by semicolons, those of most of its articles first; NULL if
--     there are none.
--   first_published_at
--   last_published_at
--   span_hours
--   first_provider_name? [provider]: Name of the provider that published first; NULL if no article has a
--     provider and a calendar_date.
--   max_heat [scores]
with counts as (
    select
        articles.cluster_id,
        links.topic_id,
        count(*) as article_count
    from core.article_topics as links
    inner join core.articles as articles on articles.document_id = links.document_id
    group by articles.cluster_id, links.topic_id
),

topics as (
    select
        counts.cluster_id,
        string_agg(names.topic, '; ' order by counts.article_count desc, names.topic) as topics
    from counts
    inner join core.dim_topics as names on names.topic_id = counts.topic_id
    group by counts.cluster_id
)

select
    clusters.cluster_id,
    clusters.title,
    clusters.article_count,
    clusters.provider_count,
    clusters.topic_count,
    topics.topics,
    clusters.first_published_at,
    clusters.last_published_at,
    clusters.span_hours,
    providers.provider_name as first_provider_name,
    clusters.max_heat
from core.clusters as clusters
left join topics on topics.cluster_id = clusters.cluster_id
left join core.dim_providers as providers on providers.provider_id = clusters.first_provider_id
