-- Providers at a glance: the columns of marts.provider_report that most questions need.
--
-- Grain: a provider of at least one article.
-- Key: provider_id
-- Columns:
--   provider_name
--   provider_domain
--   article_count
--   story_count
--   topic_count
--   top_topic?: The topic that most of the articles carry; NULL where no article has a topic.
--   shared_story_count
--   first_to_publish_count: Of these, the stories in which it was the first.
--   image_coverage_share
--   first_published_at?: Earliest publication (UTC); NULL where no article has a date.
--   last_published_at?: Latest publication (UTC); NULL where no article has a date.
--   provider_id
select
    provider_name,
    provider_domain,
    article_count,
    story_count,
    topic_count,
    top_topic,
    shared_story_count,
    first_to_publish_count,
    image_coverage_share,
    first_published_at,
    last_published_at,
    provider_id
from marts.provider_report
