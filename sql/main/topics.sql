-- Topics at a glance: the most used columns of marts.coverage_by_topic.
--
-- Grain: a topic of at least one article.
-- Key: topic_id
-- Needs: topics
-- Columns:
--   topic
--   is_omnipresent
--   article_count
--   news_article_count
--   event_count
--   cluster_count
--   provider_count
--   article_share
--   tagged_news_share
--   last_28_days_article_count
--   previous_28_days_article_count
--   last_28_days_growth_share
--   first_published_at
--   last_published_at
--   top_provider_name
--   topic_id
select
    topic,
    is_omnipresent,
    article_count,
    news_article_count,
    event_count,
    cluster_count,
    provider_count,
    article_share,
    tagged_news_share,
    last_28_days_article_count,
    previous_28_days_article_count,
    last_28_days_growth_share,
    first_published_at,
    last_published_at,
    top_provider_name,
    topic_id
from marts.coverage_by_topic
