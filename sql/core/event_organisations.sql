-- Which organisations reported each event, how soon, and who was first.
--
-- Grain: an event and an organisation with a news article that reports it.
-- Key: event_id, organisation_id
-- References: event_id in core.events, organisation_id in core.dim_organisations
-- Role: bridge
-- Measures:
--   event_count = count(distinct event_id): Distinct events with a organisation.
--   shared_event_count = count(distinct event_id) filter (where event_organisation_count >= 2):
--     Of these events, those that two or more organisations reported.
--   exclusive_event_count = count(distinct event_id) filter (where event_organisation_count = 1):
--     Of these events, those that one organisation reported.
--   late_event_count = count(distinct event_id) filter (where not is_first and event_organisation_count > 1):
--     Of the shared events, those that a organisation reported later than the first.
-- Columns:
--   event_id
--   organisation_id
--   article_count: Articles of the organisation about the event.
--   event_article_count
--   event_organisation_count
--   first_published_at: Earliest published_at (UTC) of the organisation's articles about the event.
--   lag_hours: Hours from the earliest published_at of the event's articles with a provider to
--     first_published_at; 0 for who is first.
--   first_organisation_count: Organisations with lag_hours 0: 1, or more at a tie.
--   is_first: Whether the organisation is one of these.
with members as (
    select
        event_id,
        organisation_id,
        event_article_count,
        event_organisation_count,
        cast(sum(article_count) as bigint) as article_count,
        min(first_published_at) as first_published_at,
        min(lag_hours) as lag_hours,
        bool_or(is_first) as is_first
    from core.event_providers
    group by event_id, organisation_id, event_article_count, event_organisation_count
),

firsts as (
    select
        event_id,
        count(*) as first_organisation_count
    from members
    where is_first
    group by event_id
)

select
    members.event_id,
    members.organisation_id,
    members.article_count,
    members.event_article_count,
    members.event_organisation_count,
    members.first_published_at,
    members.lag_hours,
    firsts.first_organisation_count,
    members.is_first
from members
inner join firsts on firsts.event_id = members.event_id
