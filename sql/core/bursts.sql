-- Bursts of topics and of providers: weeks on end in which one had significantly more events than in the
-- weeks around.
--
-- Burst weeks of core.burst_weeks that follow each other are one burst.
--
-- Grain: a topic or a provider, and a burst.
-- Key: subject_kind, subject_id, first_week_start_date
-- Columns:
--   subject_kind
--   subject_id
--   first_week_start_date: Monday of the first week of the burst.
--   last_week_start_date: Monday of the last week of the burst.
--   week_count: Weeks of the burst.
--   observed_count: Events of the topic or provider in these weeks.
--   base_count: All events of these weeks: the base.
--   expected_count: Events that its share of the base in the weeks around each week predicts.
--   lift?: Ratio of observed_count to expected_count; NULL if expected_count is 0.
--   peak_week_start_date: Monday of the week with the smallest p_value, the first of several.
--   p_value: The smallest p_value of these weeks: the probability of at least as many events in that week by
--     chance.
--   q_value: The smallest q_value of these weeks: the false discovery rate by Benjamini and Hochberg over all
--     topics or providers, and weeks.
with weeks as (
    select
        subject_kind,
        subject_id,
        week_start_date,
        observed_count,
        base_count,
        expected_count,
        p_value,
        q_value,
        week_start_date - cast(7 * row_number() over (
            partition by subject_kind, subject_id order by week_start_date
        ) as integer) as burst
    from core.burst_weeks
),

bursts as (
    select
        subject_kind,
        subject_id,
        min(week_start_date) as first_week_start_date,
        max(week_start_date) as last_week_start_date,
        count(*) as week_count,
        cast(sum(observed_count) as bigint) as observed_count,
        cast(sum(base_count) as bigint) as base_count,
        list_sum(list(expected_count order by week_start_date)) as expected_count,
        first(week_start_date order by p_value, week_start_date) as peak_week_start_date,
        min(p_value) as p_value,
        min(q_value) as q_value
    from weeks
    group by subject_kind, subject_id, burst
)

select
    subject_kind,
    subject_id,
    first_week_start_date,
    last_week_start_date,
    week_count,
    observed_count,
    base_count,
    expected_count,
    observed_count / nullif(expected_count, 0) as lift,
    peak_week_start_date,
    p_value,
    q_value
from bursts
