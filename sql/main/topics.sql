-- Topics at a glance: the columns of marts.coverage_by_topic that most questions need.
--
-- Grain: a topic that at least one article carries.
-- Key: topic_id
-- Columns:
--   topic: The spelling that most documents use.
--   article_count
--   story_count: Stories that these articles tell.
--   provider_count: Providers of these articles.
--   article_share: Share (0..1) of all articles that carry the topic.
--   last_28_days_article_count
--   previous_28_days_article_count
--   last_28_days_growth_share?: Growth of these over those; NULL where there were none before.
--   first_published_at?: Earliest publication (UTC); NULL where no article has a date.
--   last_published_at?: Latest publication (UTC); NULL where no article has a date.
--   top_provider_name?: The provider with most of the articles; NULL where no article has a provider.
--   topic_id
select
    topic,
    article_count,
    story_count,
    provider_count,
    article_share,
    last_28_days_article_count,
    previous_28_days_article_count,
    last_28_days_growth_share,
    first_published_at,
    last_published_at,
    top_provider_name,
    topic_id
from marts.coverage_by_topic
