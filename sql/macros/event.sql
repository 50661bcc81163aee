-- The articles of an event in the order of publication: which provider was first, and how much later the
-- others were.
--
-- Grain: a news article of an event.
-- Parameters:
--   title_or_id: A part of the title of one of its articles, in any case; or its event_id; or the
--     document_id, path or URL of one of its articles. Several events may match; if none does, that is an
--     error.
-- Columns:
--   event_id
--   published_at
--   hours_after_first: Hours from first_published_at of the event to published_at of this article; 0 for the
--     first.
--   is_first: Whether no article of the event was published earlier; several may be first at once.
--   provider_name? [provider]: Name of its provider; NULL if the file names none.
--   title
--   heat [scores]
--   canonical_url
--   document_id
with matching as (
    select distinct event_id
    from core.articles
    where
        event_id is not null
        and (
            contains(lower(title), nullif(lower(trim(title_or_id)), ''))
            or event_id = title_or_id
            or document_id = title_or_id
            or path = title_or_id
            or canonical_url = title_or_id
        )
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select event_id
    from matching
    union all
    select
        no_match(
            'event: no news article has in its title, or as its id, path or URL,',
            title_or_id,
            titles_with_words(list(title), title_or_id),
            'write a part of a title, or look for one with search()'
        ) as event_id
    -- No title is compared where an event is found.
    from core.articles
    where event_id is not null and (select count(*) from matching) = 0
    having (select count(*) from matching) = 0
)

select
    articles.event_id,
    articles.published_at,
    date_diff('second', events.first_published_at, articles.published_at) / 3600 as hours_after_first,
    articles.published_at = events.first_published_at as is_first,
    providers.provider_name,
    articles.title,
    articles.heat,
    articles.canonical_url,
    articles.document_id
from core.articles as articles
inner join asked on asked.event_id = articles.event_id
inner join core.events as events on events.event_id = articles.event_id
left join core.dim_providers as providers on providers.provider_id = articles.provider_id
order by events.first_published_at, articles.event_id, articles.published_at, articles.path
