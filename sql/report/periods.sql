-- The periods of the charts, without gaps: none is after the last article.
--
-- Grain: a period.
-- Key: period_number
-- Columns:
--   period_number: Number of the period, from 0.
--   period_start_date
--   period_end_date
--   is_period_complete
with spans as (
    select distinct
        periods.period_start_date,
        periods.period_end_date,
        periods.is_period_complete
    from core.date_periods as periods
    inner join report.scope as scope on scope.period_grain = periods.period_grain
    where periods.period_end_date >= scope.first_date
        and periods.period_start_date <= scope.last_article_date
)

select
    row_number() over (order by period_start_date) - 1 as period_number,
    period_start_date,
    period_end_date,
    is_period_complete
from spans
