-- Who follows whom: for two organisations that report the same events, how often one publishes after the
-- other.
--
-- A pair is in two rows, one for each order. Events of more than 100 organisations are left out.
--
-- Grain: an organisation that leads and one that follows, with at least 5 shared events.
-- Key: leader_organisation_id, follower_organisation_id
-- References: leader_organisation_id in marts.organisation_report, follower_organisation_id in
--   marts.organisation_report
-- Order: q_value, followed_event_count desc
-- Needs: provider
-- Columns:
--   leader_organisation_id: The organisation that may lead.
--   follower_organisation_id: The organisation that may follow.
--   leader_name: Name of the leader.
--   follower_name: Name of the follower.
--   shared_event_count
--   followed_event_count: Of these events, those whose earliest article of the follower is after the earliest
--     of the leader.
--   tied_event_count: Of these events, those whose earliest articles of both have the same published_at.
--   followed_event_share: The followed_event_count as a share (0..1) of shared_event_count.
--   median_lag_hours?: Median, over the followed events, of the hours from the leader's earliest article to
--     the follower's; NULL if there are none.
--   z?: Sign test, ties left out: (followed - led) / sqrt(followed + led), where led are the events in which
--     the follower was earlier. Above 0 if it follows more often than it leads; NULL if all are ties.
--   p_value?: Two-sided p-value of z by the normal approximation, without a correction for continuity; NULL
--     where z is.
--   q_value?: False discovery rate at which the pair counts as one-sided, by Benjamini and Hochberg, over all
--     pairs of organisations with at least 5 shared events and a z, each counted once; NULL where z is.
with tested as (
    select
        organisation_id_a,
        organisation_id_b,
        (a_first_event_count - b_first_event_count) / sqrt(a_first_event_count + b_first_event_count) as z,
        normal_p(z) as p_value
    from core.organisation_pairs
    where a_first_event_count + b_first_event_count > 0
),

ranked as (
    select
        organisation_id_a,
        organisation_id_b,
        z,
        p_value,
        p_value * count(*) over () / row_number() over (
            order by p_value, organisation_id_a, organisation_id_b
        ) as adjusted
    from tested
),

significance as (
    select
        organisation_id_a,
        organisation_id_b,
        z,
        p_value,
        least(1, min(adjusted) over (order by p_value desc)) as q_value
    from ranked
),

directed as (
    select
        organisation_id_a as leader_organisation_id,
        organisation_id_b as follower_organisation_id,
        organisation_id_a,
        organisation_id_b,
        1 as sign,
        shared_event_count,
        a_first_event_count as followed_event_count,
        b_first_event_count as led_event_count,
        a_first_median_hours as median_lag_hours
    from core.organisation_pairs
    union all
    select
        organisation_id_b as leader_organisation_id,
        organisation_id_a as follower_organisation_id,
        organisation_id_a,
        organisation_id_b,
        -1 as sign,
        shared_event_count,
        b_first_event_count as followed_event_count,
        a_first_event_count as led_event_count,
        b_first_median_hours as median_lag_hours
    from core.organisation_pairs
)

select
    directed.leader_organisation_id,
    directed.follower_organisation_id,
    leaders.organisation_name as leader_name,
    followers.organisation_name as follower_name,
    directed.shared_event_count,
    directed.followed_event_count,
    directed.shared_event_count - directed.followed_event_count - directed.led_event_count
        as tied_event_count,
    directed.followed_event_count / directed.shared_event_count as followed_event_share,
    directed.median_lag_hours,
    significance.z * directed.sign as z,
    significance.p_value,
    significance.q_value
from directed
inner join core.dim_organisations as leaders on leaders.organisation_id = directed.leader_organisation_id
inner join core.dim_organisations as followers
    on followers.organisation_id = directed.follower_organisation_id
left join significance
    on significance.organisation_id_a = directed.organisation_id_a
    and significance.organisation_id_b = directed.organisation_id_b
