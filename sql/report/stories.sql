-- The fifty biggest stories: by articles, then by providers, then the hottest.
--
-- Where no story is told twice these are the hottest articles.
--
-- Grain: a story.
-- Key: story_rank
-- Columns:
--   story_rank: 1 for the biggest story; ties go to the latest, then by story_id.
--   story_id: The story.
--   title?: Title of the article that stands for it; NULL where it has none.
--   url?: Canonical URL of that article; NULL where it has none.
--   article_count
--   provider_count: Providers that tell it.
--   topic_count: Topics that its articles carry.
--   first_published_at?: When the first article was published (UTC); NULL where no date is in the calendar.
--   last_published_at?: When the last article was published (UTC); NULL likewise.
--   span_hours?: Hours from the first to the last article; NULL where there is no date.
--   first_provider_name?: Who was first to publish; NULL where no article has a provider and a date.
--   max_heat
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
