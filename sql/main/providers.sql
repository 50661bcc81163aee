-- Providers at a glance: the most used columns of marts.provider_report.
--
-- Grain: a provider of at least one article.
-- Key: provider_id
-- Needs: provider
-- Columns:
--   provider_name
--   provider_domain
--   organisation_id
--   is_platform
--   article_count
--   news_article_count
--   event_count
--   syndicated_article_count
--   cluster_count
--   topic_count
--   top_topic
--   shared_event_count
--   firsts
--   first_ratio
--   median_lag_hours
--   image_coverage_share
--   first_published_at
--   last_published_at
--   provider_id
select
    provider_name,
    provider_domain,
    organisation_id,
    is_platform,
    article_count,
    news_article_count,
    event_count,
    syndicated_article_count,
    cluster_count,
    topic_count,
    top_topic,
    shared_event_count,
    firsts,
    first_ratio,
    median_lag_hours,
    image_coverage_share,
    first_published_at,
    last_published_at,
    provider_id
from marts.provider_report
