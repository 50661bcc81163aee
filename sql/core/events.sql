-- Each event, which is one concrete happening or announcement, with its follow-ups and copies within some ten
-- days, found in the titles and excerpts of news articles. It is not a cluster of related links, see
-- core.clusters.
--
-- How articles are grouped is in docs/events.md, with how often it is right.
--
-- Grain: an event: the news articles with a calendar_date that report it; most events have one article.
-- Key: event_id
-- References: head_document_id in core.articles, first_provider_id in core.dim_providers,
--   first_organisation_id in core.dim_organisations
-- Role: fact
-- Order: organisation_count desc, article_count desc, first_published_at desc
-- Measures:
--   event_count = count(*): Events.
--   shared_event_count = count(*) filter (where organisation_count >= 2): Of these events, those that two or
--     more organisations reported.
--   shared_event_share = shared_event_count / event_count: Share (0..1) of these events that two or more
--     organisations reported.
-- Columns:
--   event_id
--   head_document_id: The article that names the event: the first by published_at and path.
--   title?: Title of the head article; NULL if it has none.
--   article_count: Articles of the event.
--   published_article_count: Of these articles, those with `published: true`.
--   provider_count: Distinct providers of these articles; articles without a provider add none.
--   organisation_count: Distinct organisations of these articles; the event is shared if there are 2 or more.
--   first_provider_id?: The provider of the earliest article with a provider, by published_at; NULL if there
--     is none, and at a tie of several providers.
--   first_provider_count: Providers with an article at that earliest published_at: 0 without any provider, 2
--     or more at a tie.
--   first_organisation_id?: The organisation of the earliest article with a provider; NULL if there is none,
--     and at a tie of several organisations.
--   first_organisation_count: Organisations with an article at that earliest published_at.
--   cluster_count: Distinct clusters of these articles.
--   first_published_at: Earliest published_at (UTC) of the articles.
--   last_published_at: Latest published_at (UTC) of the articles.
--   span_hours: Hours from first_published_at to last_published_at; 0 for one article.
with providers as (
    select
        event_id,
        min(event_organisation_count) as organisation_count,
        min(first_provider_count) as first_provider_count,
        min(provider_id) as first_provider_id
    from core.event_providers
    where is_first
    group by event_id
),

organisations as (
    select
        event_id,
        min(first_organisation_count) as first_organisation_count,
        min(organisation_id) as first_organisation_id
    from core.event_organisations
    where is_first
    group by event_id
),

members as (
    select
        event_id,
        first(document_id order by published_at, path) as head_document_id,
        first(title order by published_at, path) as title,
        count(*) as article_count,
        count(*) filter (where is_published) as published_article_count,
        count(distinct provider_id) as provider_count,
        count(distinct cluster_id) as cluster_count,
        min(published_at) as first_published_at,
        max(published_at) as last_published_at
    from core.articles
    where event_id is not null
    group by event_id
)

select
    members.event_id,
    members.head_document_id,
    members.title,
    members.article_count,
    members.published_article_count,
    members.provider_count,
    coalesce(providers.organisation_count, 0) as organisation_count,
    if(providers.first_provider_count = 1, providers.first_provider_id, null) as first_provider_id,
    coalesce(providers.first_provider_count, 0) as first_provider_count,
    if(organisations.first_organisation_count = 1, organisations.first_organisation_id, null)
        as first_organisation_id,
    coalesce(organisations.first_organisation_count, 0) as first_organisation_count,
    members.cluster_count,
    members.first_published_at,
    members.last_published_at,
    date_diff('second', members.first_published_at, members.last_published_at) / 3600 as span_hours
from members
left join providers on providers.event_id = members.event_id
left join organisations on organisations.event_id = members.event_id
