-- Charted topics of the largest clusters.
--
-- Grain: a cluster of report.clusters and a topic in the charts.
-- Key: cluster_rank, topic_rank
-- Columns:
--   cluster_rank: The cluster by report.clusters.
--   topic_rank: The topic by report.topics, 1 to 12.
select distinct
    clusters.cluster_rank,
    topics.topic_rank
from report.clusters as clusters
inner join core.articles as articles on articles.cluster_id = clusters.cluster_id
inner join core.article_topics as bridge on bridge.document_id = articles.document_id
inner join report.topics as topics on topics.topic_id = bridge.topic_id
where topics.topic_rank <= 12
