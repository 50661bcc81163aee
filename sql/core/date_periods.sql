-- The week, month, quarter and year of each day of the calendar.
--
-- Grain: a day and a period grain.
-- Key: calendar_date, period_grain
-- Columns:
--   calendar_date
--   period_grain: Length of the period: week, month, quarter or year. Sum within one grain only.
--   period_start_date: First day of the period (UTC); a Monday for a week.
--   period_end_date: Last day of the period (UTC).
--   is_period_complete: Whether the corpus covers the whole period: it begins on or after first_article_date
--     of core.corpus_dates and ends on or before last_article_date. Compare no other period with these.
with starts as (
    select
        calendar_date,
        unnest(['week', 'month', 'quarter', 'year']) as period_grain,
        unnest([week_start_date, month_start_date, quarter_start_date, year_start_date]) as period_start_date
    from core.dim_dates
),

periods as (
    select
        calendar_date,
        period_grain,
        period_start_date,
        cast(
            case period_grain
                when 'week' then period_start_date + interval 7 days
                when 'month' then period_start_date + interval 1 month
                when 'quarter' then period_start_date + interval 3 months
                else period_start_date + interval 1 year
            end as date
        ) - 1 as period_end_date
    from starts
)

select
    periods.calendar_date,
    periods.period_grain,
    periods.period_start_date,
    periods.period_end_date,
    coalesce(
        periods.period_start_date >= dates.first_article_date
        and periods.period_end_date <= dates.last_article_date,
        false
    ) as is_period_complete
from periods
cross join core.corpus_dates as dates
