-- Every article must be in one cluster, article_count of a cluster must be its number of articles, and its
-- head must be one of them.
--
-- Severity: error
with members as (
    select
        cluster_id,
        count(*) as article_count
    from core.articles
    group by cluster_id
)

select
    coalesce(clusters.cluster_id, members.cluster_id) as cluster_id,
    clusters.article_count,
    members.article_count as member_count,
    clusters.head_document_id
from core.clusters as clusters
full join members on members.cluster_id = clusters.cluster_id
left join core.articles as heads
    on heads.document_id = clusters.head_document_id and heads.cluster_id = clusters.cluster_id
where clusters.article_count is distinct from members.article_count or heads.document_id is null
