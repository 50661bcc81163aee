-- Which providers reported each event, how soon, and who was first.
--
-- Grain: an event and a provider with a news article that reports it.
-- Key: event_id, provider_id
-- References: event_id in core.events, provider_id in core.dim_providers, organisation_id in
--   core.dim_organisations
-- Role: bridge
-- Measures:
--   event_count = count(distinct event_id): Distinct events with a provider.
--   shared_event_count = count(distinct event_id) filter (where event_organisation_count >= 2):
--     Of these events, those that two or more organisations reported.
--   exclusive_event_count = count(distinct event_id) filter (where event_organisation_count = 1):
--     Of these events, those that one organisation reported.
--   late_event_count = count(distinct event_id) filter (where not is_first and event_organisation_count > 1):
--     Of the shared events, those that a provider reported later than the first.
-- Columns:
--   event_id
--   provider_id
--   organisation_id
--   article_count: Articles of the provider about the event.
--   event_article_count: Articles about the event with a provider.
--   event_organisation_count: Distinct organisations of these articles; the event is shared if there are 2 or
--     more.
--   first_published_at: Earliest published_at (UTC) of the provider's articles about the event.
--   lag_hours: Hours from the earliest published_at of the event's articles with a provider to
--     first_published_at; 0 for who is first.
--   first_provider_count: Providers with lag_hours 0: 1, or more at a tie.
--   is_first: Whether the provider is one of these.
with members as (
    select
        event_id,
        provider_id,
        organisation_id,
        count(*) as article_count,
        min(published_at) as first_published_at
    from core.articles
    where event_id is not null and provider_id is not null
    group by event_id, provider_id, organisation_id
),

events as (
    select
        event_id,
        cast(sum(article_count) as bigint) as article_count,
        count(distinct organisation_id) as organisation_count,
        min(first_published_at) as first_published_at
    from members
    group by event_id
),

firsts as (
    select
        members.event_id,
        count(*) as first_provider_count
    from members
    inner join events
        on events.event_id = members.event_id
        and events.first_published_at = members.first_published_at
    group by members.event_id
)

select
    members.event_id,
    members.provider_id,
    members.organisation_id,
    members.article_count,
    events.article_count as event_article_count,
    events.organisation_count as event_organisation_count,
    members.first_published_at,
    date_diff('second', events.first_published_at, members.first_published_at) / 3600 as lag_hours,
    firsts.first_provider_count,
    members.first_published_at = events.first_published_at as is_first
from members
inner join events on events.event_id = members.event_id
inner join firsts on firsts.event_id = members.event_id
