-- Pairs of organisations that reported the same events, and who of them was earlier.
--
-- Events of more than 100 organisations are left out: they say little about a pair, and their pairs are very
-- many.
--
-- Grain: two organisations, organisation_id_a before organisation_id_b, with at least 5 shared events.
-- Key: organisation_id_a, organisation_id_b
-- References: organisation_id_a in core.dim_organisations, organisation_id_b in core.dim_organisations
-- Columns:
--   organisation_id_a: The first organisation.
--   organisation_id_b: The second.
--   shared_event_count: Events that both reported.
--   a_first_event_count: Of these, those whose earliest article of a is before the earliest of b.
--   b_first_event_count: Of these, those whose earliest article of b is before the earliest of a; the rest
--     are ties.
--   a_first_median_hours?: Median, over the events of a_first_event_count, of the hours from one to the
--     other, of an even number the mean of the two in the middle; NULL if there are none.
--   b_first_median_hours?: The same over the events of b_first_event_count.
with members as (
    select
        event_id,
        organisation_id,
        first_published_at
    from core.event_organisations
    where event_organisation_count between 2 and 100
),

pairs as (
    select
        a.organisation_id as organisation_id_a,
        b.organisation_id as organisation_id_b,
        date_diff('second', a.first_published_at, b.first_published_at) as lag_seconds
    from members as a
    inner join members as b on b.event_id = a.event_id and b.organisation_id > a.organisation_id
)

select
    organisation_id_a,
    organisation_id_b,
    count(*) as shared_event_count,
    count(*) filter (where lag_seconds > 0) as a_first_event_count,
    count(*) filter (where lag_seconds < 0) as b_first_event_count,
    median(lag_seconds) filter (where lag_seconds > 0) / 3600 as a_first_median_hours,
    -median(lag_seconds) filter (where lag_seconds < 0) / 3600 as b_first_median_hours
from pairs
group by organisation_id_a, organisation_id_b
having count(*) >= 5
