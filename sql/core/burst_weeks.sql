-- Weeks in which a topic or a provider had significantly more events than in the weeks around.
--
-- The baseline of a week are the 12 weeks before it and the 12 weeks after it, as far as the corpus goes, the
-- week itself left out; a week without any event in its baseline is no burst. What is compared is the share
-- of all events of the week, so a week with twice as many articles of everything is no burst.
--
-- A topic has the events whose lead article has it (see core.tagged_articles), in the week of the lead, and
-- its base are the events with a lead. A provider has each event that it reports once, in the week of its
-- first article of the event, and its base are all pairs of a provider and an event.
--
-- Grain: a subject and a week in which it has a burst.
-- Key: subject_kind, subject_id, week_start_date
-- Columns:
--   subject_kind: What bursts: `topic` or `provider`.
--   subject_id: The topic_id or provider_id.
--   week_start_date: Monday of the week.
--   observed_count: Events of the subject in the week; at least 5.
--   baseline_observed_count: Events of the subject in the weeks of the baseline.
--   base_count: Events of all subjects in the week: the base.
--   baseline_base_count: Events of all subjects in the weeks of the baseline.
--   expected_count: Events of the subject if its share of the base were that of the baseline: base_count *
--     baseline_observed_count / baseline_base_count; at most half of observed_count.
--   p_value: Probability of at least observed_count if the share did not differ: Fisher's exact test,
--     one-sided, of observed_count in base_count and in week and baseline together, which is the test of two
--     Poisson counts when their totals are known. For a topic the test is made again with the part of these
--     events that the tags of the week are of all their tags, rounded to an integer, a half up, in place of
--     base_count; the larger p counts.
--   q_value: False discovery rate by Benjamini and Hochberg over the subjects of the kind with at least 5
--     events and all weeks with a base_count, those that are no row here with a p of 1; at most 0.05.
with topic_leads as (
    select
        document_id,
        cast(date_trunc('week', calendar_date) as date) as week_start_date,
        tag_count
    from core.tagged_articles
    where is_event_lead
),

provider_events as (
    select
        provider_id,
        cast(date_trunc('week', min(calendar_date)) as date) as week_start_date
    from core.articles
    where event_id is not null and provider_id is not null
    group by provider_id, event_id
),

subjects as (
    select
        'topic' as subject_kind,
        links.topic_id as subject_id,
        leads.week_start_date,
        count(*) as event_count
    from topic_leads as leads
    inner join core.article_topics as links on links.document_id = leads.document_id
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where not topics.is_omnipresent
    group by links.topic_id, leads.week_start_date
    union all
    select
        'provider' as subject_kind,
        provider_id as subject_id,
        week_start_date,
        count(*) as event_count
    from provider_events
    group by provider_id, week_start_date
),

weeks as (
    select
        'topic' as subject_kind,
        week_start_date,
        count(*) as base_count,
        cast(sum(tag_count) as bigint) as tag_count
    from topic_leads
    group by week_start_date
    union all
    select
        'provider' as subject_kind,
        week_start_date,
        count(*) as base_count,
        count(*) as tag_count
    from provider_events
    group by week_start_date
),

totals as (
    select
        subject_kind,
        count(*) as subject_count
    from (
        select subject_kind, subject_id
        from subjects
        group by subject_kind, subject_id
        having sum(event_count) >= 5
    )
    group by subject_kind
),

bases as (
    select
        subject_kind,
        week_start_date,
        base_count,
        tag_count,
        cast(sum(base_count) over around as bigint) as around_base_count,
        cast(sum(tag_count) over around as bigint) as around_tag_count,
        count(*) over (partition by subject_kind) as week_count
    from weeks
    window around as (
        partition by subject_kind order by week_start_date
        range between interval 84 days preceding and interval 84 days following
    )
),

counts as (
    select
        subject_kind,
        subject_id,
        week_start_date,
        event_count as observed_count,
        cast(sum(event_count) over around as bigint) as around_count
    from subjects
    window around as (
        partition by subject_kind, subject_id order by week_start_date
        range between interval 84 days preceding and interval 84 days following
    )
),

candidates as (
    select
        counts.subject_kind,
        counts.subject_id,
        counts.week_start_date,
        counts.observed_count,
        counts.around_count,
        bases.base_count,
        bases.around_base_count,
        bases.tag_count,
        bases.around_tag_count,
        bases.base_count * (counts.around_count - counts.observed_count)
        / nullif(bases.around_base_count - bases.base_count, 0) as expected_count,
        totals.subject_count * bases.week_count as family_count
    from counts
    inner join bases
        on bases.subject_kind = counts.subject_kind and bases.week_start_date = counts.week_start_date
    inner join totals on totals.subject_kind = counts.subject_kind
    where counts.observed_count >= 5 and counts.observed_count >= 2 * expected_count
),

tests as (
    select
        subject_kind,
        subject_id,
        week_start_date,
        family_count,
        observed_count,
        around_count,
        around_base_count,
        unnest([
            base_count, cast(round(around_base_count * tag_count / around_tag_count) as bigint)
        ]) as drawn_count
    from candidates
),

p_values as (
    select
        subject_kind,
        subject_id,
        week_start_date,
        family_count,
        max(hypergeometric_upper_p(observed_count, around_count, drawn_count, around_base_count)) as p_value
    from tests
    group by subject_kind, subject_id, week_start_date, family_count
),

ranked as (
    select
        subject_kind,
        subject_id,
        week_start_date,
        p_value,
        p_value * family_count / count(*) over (partition by subject_kind order by p_value) as adjusted
    from p_values
),

tested as (
    select
        subject_kind,
        subject_id,
        week_start_date,
        p_value,
        least(1, min(adjusted) over (partition by subject_kind order by p_value desc)) as q_value
    from ranked
)

select
    candidates.subject_kind,
    candidates.subject_id,
    candidates.week_start_date,
    candidates.observed_count,
    candidates.around_count - candidates.observed_count as baseline_observed_count,
    candidates.base_count,
    candidates.around_base_count - candidates.base_count as baseline_base_count,
    candidates.expected_count,
    tested.p_value,
    tested.q_value
from candidates
inner join tested
    on tested.subject_kind = candidates.subject_kind
    and tested.subject_id = candidates.subject_id
    and tested.week_start_date = candidates.week_start_date
where tested.q_value <= 0.05
