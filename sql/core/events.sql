-- Each event, which is one concrete happening or announcement, with its follow-ups and copies within some ten
-- days, found in the titles and excerpts of news articles. It is not a cluster of related links, see
-- core.clusters.
--
-- How articles are grouped is in docs/events.md, with how often it is right.
--
-- Grain: an event: the news articles with a calendar_date that report it; most events have one article.
-- Key: event_id
-- References: head_document_id in core.articles
-- Columns:
--   event_id
--   head_document_id: The article that names the event: the first by published_at and path.
--   title?: Title of the head article; NULL if it has none.
--   article_count: Articles of the event.
--   published_article_count: Of these articles, those with `published: true`.
--   provider_count: Distinct providers of these articles; articles without a provider add none.
--   cluster_count: Distinct clusters of these articles.
--   first_published_at: Earliest published_at (UTC) of the articles.
--   last_published_at: Latest published_at (UTC) of the articles.
--   span_hours: Hours from first_published_at to last_published_at; 0 for one article.
select
    event_id,
    first(document_id order by published_at, path) as head_document_id,
    first(title order by published_at, path) as title,
    count(*) as article_count,
    count(*) filter (where is_published) as published_article_count,
    count(distinct provider_id) as provider_count,
    count(distinct cluster_id) as cluster_count,
    min(published_at) as first_published_at,
    max(published_at) as last_published_at,
    date_diff('second', min(published_at), max(published_at)) / 3600 as span_hours
from core.articles
where event_id is not null
group by event_id
