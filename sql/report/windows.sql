-- The last window of days and the window before it, by days_before_window_end as in the marts.
--
-- Grain: a window: 0 for the last one, which ends on window_end_date of report.scope, 1 for the one before.
-- Key: window_number
-- Columns:
--   window_number: 0 for the last window, 1 for the one before.
--   first_date: First day of the window (UTC).
--   last_date: Last day of the window (UTC).
--   is_covered: Whether the corpus covers the window: it begins on or after first_article_date of
--     report.scope and ends at most a seventh of its length after last_article_date. Compare no other window
--     with these.
--   article_count: Counted articles published in the window, see report.scope.
--   event_count: Distinct events of these articles.
--   topic_count [topics]: Distinct topics of these articles, without omnipresent topics.
--   provider_count [provider]: Distinct providers of these articles.
--   author_count [authors]: Distinct authors of these articles.
--   with_image_article_count [images]: Of these articles, those with at least one image that has a URL.
with days as (
    select
        windows.window_number,
        scope.window_end_date - scope.window_days * (windows.window_number + 1) + 1 as first_date,
        scope.window_end_date - scope.window_days * windows.window_number as last_date,
        scope.first_article_date,
        scope.last_article_date + scope.window_days // 7 as last_covered_date
    from report.scope as scope
    cross join (select unnest([0, 1]) as window_number) as windows
    where scope.first_date is not null
),

windowed as (
    select
        articles.days_before_window_end // scope.window_days as window_number,
        articles.document_id,
        articles.event_id,
        articles.provider_id,
        articles.has_image
    from core.articles as articles
    inner join report.scope as scope on scope.has_news = articles.is_news
    where articles.days_before_window_end between 0 and 2 * scope.window_days - 1
),

articles as (
    select
        window_number,
        count(*) as article_count,
        count(distinct event_id) as event_count,
        count(distinct provider_id) as provider_count,
        count(*) filter (where has_image) as with_image_article_count
    from windowed
    group by window_number
),

topics as (
    select
        windowed.window_number,
        count(distinct topics.topic_id) as topic_count
    from windowed
    inner join core.article_topics as topics on topics.document_id = windowed.document_id
    where topics.topic_id not in (select topic_id from report.omnipresent_topics)
    group by windowed.window_number
),

authors as (
    select
        windowed.window_number,
        count(distinct authors.author_id) as author_count
    from windowed
    inner join core.article_authors as authors on authors.document_id = windowed.document_id
    group by windowed.window_number
)

select
    days.window_number,
    days.first_date,
    days.last_date,
    days.first_date >= days.first_article_date and days.last_date <= days.last_covered_date as is_covered,
    coalesce(articles.article_count, 0) as article_count,
    coalesce(articles.event_count, 0) as event_count,
    coalesce(topics.topic_count, 0) as topic_count,
    coalesce(articles.provider_count, 0) as provider_count,
    coalesce(authors.author_count, 0) as author_count,
    coalesce(articles.with_image_article_count, 0) as with_image_article_count
from days
left join articles on articles.window_number = days.window_number
left join topics on topics.window_number = days.window_number
left join authors on authors.window_number = days.window_number
