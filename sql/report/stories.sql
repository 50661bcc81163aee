-- The fifty largest stories: by articles, then by providers, then by heat.
--
-- If no story has several articles, these are the articles with the highest heat.
--
-- Grain: a story.
-- Key: story_rank
-- Columns:
--   story_rank: Rank of the story: 1 for the largest, ties going to the latest and then by story_id.
--   story_id
--   title
--   url?: Canonical URL of the head article; NULL if it has none.
--   article_count
--   provider_count [provider]
--   topic_count [topics]
--   first_published_at
--   last_published_at
--   span_hours
--   first_provider_name? [provider]: Name of the provider that published first; NULL if no article has a
--     provider and a calendar_date.
--   max_heat [scores]
select
    row_number() over (
        order by
            stories.article_count desc,
            stories.provider_count desc,
            stories.max_heat desc nulls last,
            stories.last_published_at desc nulls last,
            stories.story_id
    ) as story_rank,
    stories.story_id,
    stories.title,
    heads.canonical_url as url,
    stories.article_count,
    stories.provider_count,
    stories.topic_count,
    stories.first_published_at,
    stories.last_published_at,
    stories.span_hours,
    providers.provider_name as first_provider_name,
    stories.max_heat
from core.stories as stories
inner join core.articles as heads on heads.document_id = stories.head_document_id
left join core.dim_providers as providers on providers.provider_id = stories.first_provider_id
qualify story_rank <= 50
