-- The last window of days and the window before it.
--
-- Grain: a window: 0 for the last one, which ends on reference_date of report.scope, 1 for the one before.
-- Key: window_number
-- Columns:
--   window_number: 0 for the last window, 1 for the one before.
--   first_date: First day of the window (UTC).
--   last_date: Last day of the window (UTC).
--   article_count: Articles published in the window.
--   cluster_count [related]: Distinct clusters of these articles.
--   topic_count [topics]: Distinct topics of these articles.
--   provider_count [provider]: Distinct providers of these articles.
--   author_count [authors]: Distinct authors of these articles.
--   with_image_article_count [images]: Of these articles, those with at least one image that has a URL.
with windows as (
    select
        unnest([0, 1]) as window_number,
        reference_date,
        window_days
    from report.scope
    where reference_date is not null
),

days as (
    select
        window_number,
        reference_date - window_days * (window_number + 1) + 1 as first_date,
        reference_date - window_days * window_number as last_date
    from windows
),

articles as (
    select
        days.window_number,
        count(articles.document_id) as article_count,
        count(distinct articles.cluster_id) as cluster_count,
        count(distinct articles.provider_id) as provider_count,
        count(*) filter (where articles.has_image) as with_image_article_count
    from days
    left join core.articles as articles on articles.calendar_date between days.first_date and days.last_date
    group by days.window_number
),

topics as (
    select
        days.window_number,
        count(distinct topics.topic_id) as topic_count
    from days
    left join core.articles as articles on articles.calendar_date between days.first_date and days.last_date
    left join core.article_topics as topics on topics.document_id = articles.document_id
    group by days.window_number
),

authors as (
    select
        days.window_number,
        count(distinct authors.author_id) as author_count
    from days
    left join core.articles as articles on articles.calendar_date between days.first_date and days.last_date
    left join core.article_authors as authors on authors.document_id = articles.document_id
    group by days.window_number
)

select
    days.window_number,
    days.first_date,
    days.last_date,
    articles.article_count,
    articles.cluster_count,
    topics.topic_count,
    articles.provider_count,
    authors.author_count,
    articles.with_image_article_count
from days
inner join articles on articles.window_number = days.window_number
inner join topics on topics.window_number = days.window_number
inner join authors on authors.window_number = days.window_number
