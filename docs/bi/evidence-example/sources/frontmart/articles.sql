-- The articles that the report counts: news, or all if none is news.
select
    document_id,
    event_id,
    provider_id,
    organisation_id,
    coalesce(title, '(without a title)') as title,
    if(regexp_matches(canonical_url, '^https?://'), canonical_url, null) as url,
    if(calendar_date is null, null, published_at) as published_at,
    calendar_date,
    days_before_window_end,
    is_syndicated,
    has_image,
    topic_count
from core.articles
where is_news or not exists (select 1 from core.articles where is_news)
