-- Stories, which are what several articles tell together, with the one that stands for them all.
--
-- Grain: a story: articles connected by resolved related links, or one article without such links.
-- Key: story_id
-- References: head_document_id in core.articles, first_provider_id in core.dim_providers
-- Columns:
--   story_id: The smallest document_id among its articles.
--   head_document_id: The article that stands for the story: one that is not suppressed, then the hottest,
--     then the earliest, then the first by path. An article without heat comes after those with, and one
--     without a date in the calendar likewise.
--   title?: Title of the head; NULL where it has none.
--   article_count: Articles that tell the story.
--   published_article_count: Of these, the ones whose file says `published: true`.
--   suppressed_article_count: Of these, the ones marked by a heat of -1.
--   provider_count: Providers that tell the story; an article without provider adds none.
--   topic_count: Topics that its articles carry, each counted once.
--   first_published_at?: When the first article was published (UTC), by dates in the calendar; NULL where
--     none has one.
--   last_published_at?: When the last article was published (UTC), by dates in the calendar; NULL where
--     none has one.
--   span_hours?: Hours from the first to the last article; NULL where there is no date, 0 for a single
--     article.
--   first_provider_id?: Provider of the earliest article that has a provider and a date in the calendar;
--     where two were published at the same second, of the first by path. NULL where there is none.
--   max_heat?: Heat of the hottest article; NULL where none has any.
with topics as (
    select
        articles.story_id,
        count(distinct topics.topic_id) as topic_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    group by articles.story_id
),

heads as (
    select
        story_id,
        document_id as head_document_id,
        title
    from core.articles
    qualify row_number() over (
        partition by story_id
        order by is_suppressed, heat desc nulls last, calendar_date nulls last, published_at, path
    ) = 1
),

first_providers as (
    select
        story_id,
        provider_id as first_provider_id
    from core.articles
    where provider_id is not null and calendar_date is not null
    qualify row_number() over (partition by story_id order by published_at, path) = 1
),

members as (
    select
        story_id,
        count(*) as article_count,
        count(*) filter (where is_published) as published_article_count,
        count(*) filter (where is_suppressed) as suppressed_article_count,
        count(distinct provider_id) as provider_count,
        min(published_at) filter (where calendar_date is not null) as first_published_at,
        max(published_at) filter (where calendar_date is not null) as last_published_at,
        max(heat) as max_heat
    from core.articles
    group by story_id
)

select
    members.story_id,
    heads.head_document_id,
    heads.title,
    members.article_count,
    members.published_article_count,
    members.suppressed_article_count,
    members.provider_count,
    coalesce(topics.topic_count, 0) as topic_count,
    members.first_published_at,
    members.last_published_at,
    date_diff('second', members.first_published_at, members.last_published_at) / 3600 as span_hours,
    first_providers.first_provider_id,
    members.max_heat
from members
inner join heads on heads.story_id = members.story_id
left join topics on topics.story_id = members.story_id
left join first_providers on first_providers.story_id = members.story_id
