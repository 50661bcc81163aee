-- Stories with names in place of ids: what was told, by how many, who was first, and over how long.
--
-- Grain: a story.
-- Key: story_id
-- Columns:
--   story_id: The story; story() shows its articles.
--   title?: Title of the article that stands for the story; NULL where that has none.
--   article_count
--   provider_count: Providers that tell it.
--   topic_count: Topics that its articles carry.
--   topics?: These topics, between semicolons, those that most of its articles carry first; NULL where there
--     are none.
--   first_published_at?: When the first article was published (UTC); NULL where none has a date.
--   last_published_at?: When the last article was published (UTC); NULL where none has a date.
--   span_hours?: Hours from the first to the last article; NULL where there is no date.
--   first_provider_name?: Name of the provider that published first; NULL where none has a date.
--   max_heat
with counts as (
    select
        articles.story_id,
        links.topic_id,
        count(*) as article_count
    from core.article_topics as links
    inner join core.articles as articles on articles.document_id = links.document_id
    group by articles.story_id, links.topic_id
),

topics as (
    select
        counts.story_id,
        string_agg(names.topic, '; ' order by counts.article_count desc, names.topic) as topics
    from counts
    inner join core.dim_topics as names on names.topic_id = counts.topic_id
    group by counts.story_id
)

select
    stories.story_id,
    stories.title,
    stories.article_count,
    stories.provider_count,
    stories.topic_count,
    topics.topics,
    stories.first_published_at,
    stories.last_published_at,
    stories.span_hours,
    providers.provider_name as first_provider_name,
    stories.max_heat
from core.stories as stories
left join topics on topics.story_id = stories.story_id
left join core.dim_providers as providers on providers.provider_id = stories.first_provider_id
