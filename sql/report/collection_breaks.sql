-- Months at which collection, or the news, broke.
--
-- Grain: a month whose is_break in marts.collection_health is true.
-- Key: period_start_date
-- Columns:
--   period_start_date
--   period_end_date
--   break_reason
--   is_in_window: Whether a day of the month is in the last window, see report.windows.
select
    months.period_start_date,
    months.period_end_date,
    months.break_reason,
    months.period_end_date >= windows.first_date and months.period_start_date <= windows.last_date
        as is_in_window
from marts.collection_health as months
inner join report.windows as windows on windows.window_number = 0
where months.is_break
