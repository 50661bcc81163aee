-- In marts.provider_report and in marts.organisation_report, firsts and expected_firsts must each add up to
-- the events that at least two organisations report, and the events of each organisation must be shared or
-- exclusive.
--
-- Severity: error
with expected as (
    select count(*) filter (where organisation_count >= 2) as shared_event_count
    from core.events
),

counted as (
    select
        'provider_report' as mart,
        count(*) as row_count,
        coalesce(sum(firsts), 0) as firsts,
        coalesce(sum(expected_firsts), 0) as expected_firsts
    from marts.provider_report
    union all
    select
        'organisation_report' as mart,
        count(*) as row_count,
        coalesce(sum(firsts), 0) as firsts,
        coalesce(sum(expected_firsts), 0) as expected_firsts
    from marts.organisation_report
),

events as (
    select
        organisation_id,
        count(*) filter (where event_organisation_count >= 2) as shared_event_count,
        count(*) filter (where event_organisation_count = 1) as exclusive_event_count
    from core.event_organisations
    group by organisation_id
)

select
    counted.mart,
    null as organisation_id,
    counted.firsts as found_count,
    expected.shared_event_count as expected_count
from counted
cross join expected
where abs(counted.firsts - expected.shared_event_count) > 0.001 + counted.row_count * 1e-6
union all
select
    counted.mart,
    null as organisation_id,
    counted.expected_firsts as found_count,
    expected.shared_event_count as expected_count
from counted
cross join expected
where abs(counted.expected_firsts - expected.shared_event_count) > 0.001 + counted.row_count * 1e-6
union all
select
    'organisation_report' as mart,
    report.organisation_id,
    report.shared_event_count + report.exclusive_event_count as found_count,
    coalesce(events.shared_event_count, 0) + coalesce(events.exclusive_event_count, 0) as expected_count
from marts.organisation_report as report
left join events on events.organisation_id = report.organisation_id
where
    report.shared_event_count <> coalesce(events.shared_event_count, 0)
    or report.exclusive_event_count <> coalesce(events.exclusive_event_count, 0)
    or report.event_count <> report.shared_event_count + report.exclusive_event_count
