-- Providers at a glance: the columns of marts.provider_report that most questions need.
--
-- Grain: a provider of at least one article.
-- Key: provider_id
-- Columns:
--   provider_name: The name used most often.
--   provider_domain: Domain of the provider: a platform, which may carry many providers; NULL where it has
--     none.
--   article_count: Articles of the provider.
--   story_count: Stories that these articles tell.
--   topic_count: Topics that these articles carry.
--   top_topic: The topic that most of the articles carry; NULL where no article has a topic.
--   shared_story_count: Stories that it tells and that at least one other provider tells too.
--   first_to_publish_count: Of these, the stories in which it was the first.
--   image_coverage_share: Share (0..1) of the articles that have at least one image with a URL.
--   first_published_at: Earliest publication (UTC); NULL where no article has a date.
--   last_published_at: Latest publication (UTC); NULL where no article has a date.
--   provider_id: The provider: `domain/name-slug`.
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
