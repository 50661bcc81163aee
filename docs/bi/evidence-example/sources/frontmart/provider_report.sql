-- How often a provider is first, which the star schema alone does not give.
-- One row of NULLs if there is none: Evidence keeps no table without rows.
select
    report.provider_id,
    report.shared_event_count,
    report.firsts,
    report.expected_firsts,
    report.first_ratio,
    report.median_lag_hours
from (select 1) as always
left join marts.provider_report as report on true
