-- The dates that the windows of the marts follow from: the first and the last day with news, and the day on
-- which windows end.
--
-- A window of 7 days is the last 7 days of the corpus, not of the calendar: a corpus that was collected until
-- last year has articles in its windows. Articles of other kinds than news do not move the dates, unless no
-- news has a calendar_date.
--
-- Grain: the build; always one row.
-- Key: as_of_date
-- Columns:
--   as_of_date
--   window_end_date: The day on which every window ends: as_of_date if it was given (`--as-of`), else
--     last_article_date; as_of_date if no article has a date. Never later than as_of_date.
--   first_article_date?: Earliest calendar_date of a news article that is not later than as_of_date; of any
--     article if no news has one; NULL if no article has one.
--   last_article_date?: Latest such date; NULL if no article has one.
--   days_since_last_article?: Days from last_article_date to as_of_date: how old the corpus is; NULL if no
--     article has a date.
with days as (
    select
        documents.calendar_date,
        documents.kind = 'news' as is_news
    from staging.documents as documents
    inner join core.translations as translations on translations.document_id = documents.document_id
    cross join staging.build as build
    where translations.is_article and documents.calendar_date <= build.as_of_date
),

dates as (
    select
        coalesce(min(calendar_date) filter (where is_news), min(calendar_date)) as first_article_date,
        coalesce(max(calendar_date) filter (where is_news), max(calendar_date)) as last_article_date
    from days
)

select
    build.as_of_date,
    if(build.is_as_of_given, build.as_of_date, coalesce(dates.last_article_date, build.as_of_date))
        as window_end_date,
    dates.first_article_date,
    dates.last_article_date,
    build.as_of_date - dates.last_article_date as days_since_last_article
from staging.build as build
cross join dates
