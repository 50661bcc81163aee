-- The calendar: every day from the first calendar_date of a document to the last one, without gaps;
-- window_end_date of core.corpus_dates is included.
--
-- A published date before 1990-01-01 or more than a day after as_of_date does not extend the calendar: its
-- document counts in totals, but in no period.
--
-- Grain: a day.
-- Key: calendar_date
-- Role: dimension
-- Columns:
--   calendar_date: The day (UTC).
--   year: Calendar year.
--   quarter: Quarter of the year, 1 to 4.
--   month: Month of the year, 1 to 12.
--   iso_year: Year that the ISO week belongs to; differs from year around New Year.
--   iso_week: ISO week of iso_year, 1 to 53.
--   weekday: Day of the week, 1 for Monday to 7 for Sunday.
--   is_weekend: Whether the day is a Saturday or a Sunday.
--   week_start_date: Monday of the week.
--   month_start_date: First day of the month.
--   quarter_start_date: First day of the quarter.
--   year_start_date: First day of the year.
--   days_before_window_end: Days from this day to window_end_date of core.corpus_dates: 0 on that day,
--     negative on later days.
--   document_count: Documents with this calendar_date.
--   article_count: Of these documents, those that are articles.
with published as (
    select
        documents.calendar_date,
        count(*) as document_count,
        count(*) filter (where articles.is_article) as article_count
    from staging.documents as documents
    left join core.translations as articles on articles.document_id = documents.document_id
    where documents.calendar_date is not null
    group by documents.calendar_date
),

bounds as (
    select
        least(dates.window_end_date, min(published.calendar_date)) as first_date,
        greatest(dates.window_end_date, max(published.calendar_date)) as last_date
    from core.corpus_dates as dates
    left join published on true
    group by dates.window_end_date
),

days as (
    select cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date) as calendar_date
    from bounds
)

select
    days.calendar_date,
    year(days.calendar_date) as year,
    quarter(days.calendar_date) as quarter,
    month(days.calendar_date) as month,
    isoyear(days.calendar_date) as iso_year,
    weekofyear(days.calendar_date) as iso_week,
    isodow(days.calendar_date) as weekday,
    isodow(days.calendar_date) >= 6 as is_weekend,
    cast(date_trunc('week', days.calendar_date) as date) as week_start_date,
    cast(date_trunc('month', days.calendar_date) as date) as month_start_date,
    cast(date_trunc('quarter', days.calendar_date) as date) as quarter_start_date,
    cast(date_trunc('year', days.calendar_date) as date) as year_start_date,
    dates.window_end_date - days.calendar_date as days_before_window_end,
    coalesce(published.document_count, 0) as document_count,
    coalesce(published.article_count, 0) as article_count
from days
cross join core.corpus_dates as dates
left join published on published.calendar_date = days.calendar_date
