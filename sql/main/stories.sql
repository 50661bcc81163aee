-- Stories with names in place of ids: what was told, by how many, who was first, and over how long.
--
-- Grain: a story.
-- Key: story_id
-- Columns:
--   story_id: The story; story() shows its articles.
--   title: Title of the article that stands for the story; NULL where that has none.
--   article_count: Articles that tell the story.
--   provider_count: Providers that tell it.
--   topic_count: Topics that its articles carry.
--   first_published_at: When the first article was published (UTC); NULL where none has a date.
--   last_published_at: When the last article was published (UTC); NULL where none has a date.
--   span_hours: Hours from the first to the last article; NULL where there is no date.
--   first_provider_name: Name of the provider that published first; NULL where none has a date.
--   max_heat: Heat of the hottest article; NULL where none has any.
select
    stories.story_id,
    stories.title,
    stories.article_count,
    stories.provider_count,
    stories.topic_count,
    stories.first_published_at,
    stories.last_published_at,
    stories.span_hours,
    providers.provider_name as first_provider_name,
    stories.max_heat
from core.stories as stories
left join core.dim_providers as providers on providers.provider_id = stories.first_provider_id
