-- The five largest events that began in the last window, for the first sentence of the report.
--
-- Grain: an event whose first article is of the last window, see report.windows.
-- Key: event_rank
-- Needs: provider
-- Columns:
--   event_rank: Rank of the event: by organisations, then by articles, ties going to the latest and then by
--     event_id.
--   event_id
--   title
--   article_count
--   organisation_count
--   copy_count: Of its articles, the copies, see core.syndication.
--   first_published_at
--   span_hours
--   new_event_count: All events that began in the last window.
with begun as (
    select
        articles.event_id,
        count(*) filter (where articles.is_syndicated) as copy_count
    from core.articles as articles
    inner join report.scope as scope on scope.has_news = articles.is_news
    where articles.event_id is not null
    group by articles.event_id
    having max(articles.days_before_window_end) between 0 and min(scope.window_days) - 1
)

select
    row_number() over (
        order by
            events.organisation_count desc, events.article_count desc, events.last_published_at desc,
            events.event_id
    ) as event_rank,
    events.event_id,
    events.title,
    events.article_count,
    events.organisation_count,
    begun.copy_count,
    events.first_published_at,
    events.span_hours,
    count(*) over () as new_event_count
from begun
inner join core.events as events on events.event_id = begun.event_id
qualify event_rank <= 5
