-- Selectable providers of the largest clusters.
--
-- Grain: a cluster of report.clusters and a provider that can be chosen.
-- Key: cluster_rank, provider_rank
-- Columns:
--   cluster_rank: The cluster by report.clusters.
--   provider_rank: The provider by report.providers, 1 to 40.
select distinct
    clusters.cluster_rank,
    providers.provider_rank
from report.clusters as clusters
inner join core.articles as articles on articles.cluster_id = clusters.cluster_id
inner join report.providers as providers on providers.provider_id = articles.provider_id
where providers.provider_rank <= 40
