-- One row of NULLs if there is none: Evidence keeps no table without rows.
select
    dates.calendar_date,
    dates.week_start_date,
    dates.month_start_date,
    dates.quarter_start_date,
    dates.year_start_date
from (select 1) as always
left join core.dim_dates as dates on true
