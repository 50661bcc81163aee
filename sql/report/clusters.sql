-- The fifty largest clusters: by articles, then by providers, then by heat.
--
-- If no cluster has several articles, these are the articles with the highest heat.
--
-- Grain: a cluster.
-- Key: cluster_rank
-- Columns:
--   cluster_rank: Rank of the cluster: 1 for the largest, ties going to the latest and then by cluster_id.
--   cluster_id
--   title
--   url?: Canonical URL of the head article; NULL if it has none.
--   article_count
--   provider_count [provider]
--   topic_count [topics]
--   first_published_at
--   last_published_at
--   span_hours
--   first_provider_name? [provider]: Name of the provider that published first; NULL if no article has a
--     provider and a calendar_date.
--   max_heat [scores]
select
    row_number() over (
        order by
            clusters.article_count desc,
            clusters.provider_count desc,
            clusters.max_heat desc nulls last,
            clusters.last_published_at desc nulls last,
            clusters.cluster_id
    ) as cluster_rank,
    clusters.cluster_id,
    clusters.title,
    heads.canonical_url as url,
    clusters.article_count,
    clusters.provider_count,
    clusters.topic_count,
    clusters.first_published_at,
    clusters.last_published_at,
    clusters.span_hours,
    providers.provider_name as first_provider_name,
    clusters.max_heat
from core.clusters as clusters
inner join core.articles as heads on heads.document_id = clusters.head_document_id
left join core.dim_providers as providers on providers.provider_id = clusters.first_provider_id
qualify cluster_rank <= 50
