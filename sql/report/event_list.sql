-- All events of several articles that the page can show: those of report.events, and all others of listed
-- articles.
--
-- Grain: an event of several articles.
-- Key: event_number
-- Needs: provider
-- Columns:
--   event_number: Number of the event, from 1, in the order of event_rank in report.events.
--   event_id
--   title
--   article_count
--   organisation_count
--   copy_count: Of its articles, the copies, see core.syndication.
--   topic_count: Distinct topics of its articles, without omnipresent topics.
--   first_published_at
--   last_published_at
--   first_organisation_count
--   first_organisation_name?: Name of first_organisation_id; NULL if there is none, or several.
with listed as (
    select event_id
    from report.article_list
    where event_id is not null
    union
    select event_id
    from report.events
),

copies as (
    select
        articles.event_id,
        count(*) filter (where articles.is_syndicated) as copied
    from core.articles as articles
    where articles.event_id is not null
    group by articles.event_id
),

topics as (
    select
        articles.event_id,
        count(distinct topics.topic_id) as topic_count
    from core.articles as articles
    inner join core.article_topics as topics on topics.document_id = articles.document_id
    where articles.event_id is not null
        and topics.topic_id not in (select topic_id from report.omnipresent_topics)
    group by articles.event_id
)

select
    row_number() over (
        order by
            events.organisation_count desc, events.article_count desc, events.last_published_at desc,
            events.event_id
    ) as event_number,
    events.event_id,
    events.title,
    events.article_count,
    events.organisation_count,
    copies.copied as copy_count,
    coalesce(topics.topic_count, 0) as topic_count,
    events.first_published_at,
    events.last_published_at,
    events.first_organisation_count,
    organisations.organisation_name as first_organisation_name
from listed
inner join core.events as events on events.event_id = listed.event_id and events.article_count > 1
inner join copies on copies.event_id = events.event_id
left join core.dim_organisations as organisations
    on organisations.organisation_id = events.first_organisation_id
left join topics on topics.event_id = events.event_id
