-- Who reported the largest new events, and who was first.
--
-- Grain: an event of report.new_events and an organisation that reports it.
-- Key: event_rank, organisation_rank
-- Needs: provider
-- Columns:
--   event_rank: The event by report.new_events.
--   organisation_rank: Rank of the organisation: 1 for the first to publish, ties going by organisation_id.
--   organisation_name
--   lag_hours
--   is_first
select
    events.event_rank,
    row_number() over (
        partition by events.event_rank order by members.lag_hours, members.organisation_id
    ) as organisation_rank,
    names.organisation_name,
    members.lag_hours,
    members.is_first
from report.new_events as events
inner join core.event_organisations as members on members.event_id = events.event_id
inner join core.dim_organisations as names on names.organisation_id = members.organisation_id
