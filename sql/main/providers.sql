-- Providers at a glance: the most used columns of marts.provider_report.
--
-- Grain: a provider of at least one article.
-- Key: provider_id
-- Needs: provider
-- Columns:
--   provider_name
--   provider_domain
--   article_count
--   cluster_count
--   topic_count
--   top_topic
--   shared_cluster_count
--   first_to_publish_count
--   image_coverage_share
--   first_published_at
--   last_published_at
--   provider_id
select
    provider_name,
    provider_domain,
    article_count,
    cluster_count,
    topic_count,
    top_topic,
    shared_cluster_count,
    first_to_publish_count,
    image_coverage_share,
    first_published_at,
    last_published_at,
    provider_id
from marts.provider_report
