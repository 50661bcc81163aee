-- The last window and those before it, of the same length, for the lines beside the key figures; and the
-- window a year before the last one.
--
-- A year is 52 weeks, so that both windows have the same weekdays.
--
-- Grain: a window.
-- Key: window_number
-- Columns:
--   window_number: 0 for the last window, up to 12 for the twelfth before it, -1 for the one a year before.
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
with numbered as (
    select unnest([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) as window_number
),

ends as (
    select
        numbered.window_number,
        scope.window_end_date
        - if(numbered.window_number = -1, 364, scope.window_days * numbered.window_number) as last_date,
        scope.window_days,
        scope.first_article_date,
        scope.last_article_date
    from report.scope as scope
    cross join numbered
    where scope.first_date is not null
),

days as (
    select
        window_number,
        last_date - window_days + 1 as first_date,
        last_date,
        last_date - window_days + 1 >= first_article_date
        and last_date <= last_article_date + window_days // 7 as is_covered
    from ends
),

windowed as (
    select
        days.window_number,
        articles.document_id,
        articles.event_id,
        articles.provider_id,
        articles.has_image
    from days
    inner join core.articles as articles
        on articles.calendar_date between days.first_date and days.last_date
    inner join report.scope as scope on scope.has_news = articles.is_news
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
    days.is_covered,
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
