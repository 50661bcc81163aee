-- News articles with tags, and which of them speaks for its event: what the statistics of topics count.
--
-- A tag is a topic of an article that is not omnipresent (see core.dim_topics). Copies of one event are one
-- observation, so the event has the tags of one article, the first by published_at and path that has any: its
-- lead. If all articles of the event counted, an event of many articles would have more topics than another
-- by chance alone. An article with more than 100 tags is left out: it is a list of topics, not a report.
--
-- Grain: a news article with a calendar_date and 1 to 100 tags.
-- Key: document_id
-- References: document_id in core.articles, event_id in core.events, provider_id in core.dim_providers
-- Columns:
--   document_id
--   event_id: The event of the article.
--   provider_id
--   calendar_date: The day (UTC) of the article.
--   days_before_window_end: Days from calendar_date to window_end_date of core.corpus_dates: 0 on that day,
--     negative on later days.
--   tag_count: Topics of the article that are not omnipresent.
--   is_event_lead: Whether it is the lead of its event: the first of these articles of the event, by
--     published_at and path.
--   is_provider_lead: Whether it is the first of these articles of the event and of its provider, by
--     published_at and path; false without a provider.
with tags as (
    select
        links.document_id,
        count(*) as tag_count
    from core.article_topics as links
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where not topics.is_omnipresent
    group by links.document_id
)

select
    articles.document_id,
    articles.event_id,
    articles.provider_id,
    articles.calendar_date,
    articles.days_before_window_end,
    tags.tag_count,
    row_number() over (
        partition by articles.event_id
        order by articles.published_at, articles.path
    ) = 1 as is_event_lead,
    articles.provider_id is not null and row_number() over (
        partition by articles.event_id, articles.provider_id
        order by articles.published_at, articles.path
    ) = 1 as is_provider_lead
from core.articles as articles
inner join tags on tags.document_id = articles.document_id
where articles.event_id is not null and tags.tag_count <= 100
