-- The fifty largest events of several articles, and the ten largest of them with an article in the last
-- window.
--
-- Grain: an event of several articles.
-- Key: event_rank
-- Columns:
--   event_rank: Rank of the event: by organisations, then by articles, ties going to the latest and then by
--     event_id.
--   window_rank?: Rank among the events with an article in the last window, see report.windows; NULL for
--     others.
--   event_id
--   title
--   url?: Canonical URL of the head article; NULL if it has none.
--   article_count
--   organisation_count [provider]
--   copy_count [provider]: Of its articles, the copies, see core.syndication.
--   topic_count [topics]: Distinct topics of its articles, without omnipresent topics.
--   first_published_at
--   last_published_at
--   span_hours
--   first_organisation_count [provider]
--   first_organisation_name? [provider]: Name of first_organisation_id; NULL if there is none, or several.
with windowed as (
    select
        articles.event_id,
        bool_or(articles.days_before_window_end between 0 and scope.window_days - 1) as is_in_window
    from core.articles as articles
    cross join report.scope as scope
    where articles.event_id is not null
    group by articles.event_id
),

ordered as (
    select
        events.event_id,
        windowed.is_in_window,
        row_number() over (
            order by
                events.organisation_count desc, events.article_count desc, events.last_published_at desc,
                events.event_id
        ) as event_rank
    from core.events as events
    inner join windowed on windowed.event_id = events.event_id
    where events.article_count > 1
),

ranked as (
    select
        event_id,
        event_rank,
        if(
            is_in_window, row_number() over (partition by is_in_window order by event_rank), null
        ) as window_rank
    from ordered
    qualify event_rank <= 50 or window_rank <= 10
),

copies as (
    select
        ranked.event_id,
        count(*) filter (where articles.is_syndicated) as copied
    from ranked
    inner join core.articles as articles on articles.event_id = ranked.event_id
    group by ranked.event_id
),

topics as (
    select
        ranked.event_id,
        count(distinct topics.topic_id) as topic_count
    from ranked
    inner join core.articles as articles on articles.event_id = ranked.event_id
    inner join core.article_topics as topics on topics.document_id = articles.document_id
    where topics.topic_id not in (select topic_id from report.omnipresent_topics)
    group by ranked.event_id
)

select
    ranked.event_rank,
    ranked.window_rank,
    ranked.event_id,
    events.title,
    heads.canonical_url as url,
    events.article_count,
    events.organisation_count,
    copies.copied as copy_count,
    coalesce(topics.topic_count, 0) as topic_count,
    events.first_published_at,
    events.last_published_at,
    events.span_hours,
    events.first_organisation_count,
    organisations.organisation_name as first_organisation_name
from ranked
inner join core.events as events on events.event_id = ranked.event_id
inner join copies on copies.event_id = ranked.event_id
inner join core.articles as heads on heads.document_id = events.head_document_id
left join core.dim_organisations as organisations
    on organisations.organisation_id = events.first_organisation_id
left join topics on topics.event_id = ranked.event_id
