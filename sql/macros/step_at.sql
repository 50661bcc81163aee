-- The step that a moment means: that of a commit or snapshot, or else the last one that was made until then.
--
-- Without a past there is one step, the build itself: `now`, and times from its day on.
--
-- Grain: one step.
-- Parameters:
--   moment: The first 7 or more hex digits of a commit; a snapshot; a day such as '2022-03-01', whose end it
--     means; a time such as '2022-03-01 10:00' (UTC, unless it says otherwise); or 'now', the last step.
--     What is none of these, or before the first step, is an error that says which there are.
-- Columns:
--   step: The step: 0 for the first.
--   step_kind: Kind of step: commit or build.
--   commit_id?: The commit; NULL for a build.
--   snapshot_id?: The snapshot of the build; NULL for a commit, and for a build without a past.
--   committed_at?: When it was committed or built (UTC); NULL for a build without a past.
with given as (
    select lower(trim(cast(moment as varchar))) as word
),

read as (
    select
        word,
        regexp_full_match(word, '[0-9a-f]{7,64}') as is_commit,
        case
            when word = 'now' then 'infinity'::timestamp
            when regexp_full_match(word, '\d{4}-\d\d-\d\d')
                then try_cast(word as date) + interval '86399.999999 seconds'
            when regexp_matches(word, '\d:\d\d.*(z|[+-]\d\d(:?\d\d)?)$')
                then try_cast(upper(word) as timestamptz) at time zone 'UTC'
            when regexp_matches(word, '^\d{4}-\d\d-\d\d[ t]') then try_cast(upper(word) as timestamp)
        end as until
    from given
),

named as (
    select steps.step
    from tidy.steps as steps
    cross join read
    where (read.is_commit and starts_with(steps.commit_id, read.word)) or lower(steps.snapshot_id) = read.word
),

until as (
    select max(steps.step) as step
    from tidy.steps as steps
    cross join read
    where read.word = 'now' or steps.committed_at <= read.until
),

-- Without a past, all from the day of the build on is the build.
alone as (
    select 0 as step
    from staging.build as build
    cross join read
    where not exists (select step from tidy.steps) and read.until >= build.as_of_date
),

steps_of as (
    select
        count(*) as step_count,
        min(committed_at) as first_at,
        max(committed_at) as last_at
    from tidy.steps
),

asked as materialized (
    select
        case
            when (select count(*) from named) = 1 then (select max(step) from named)
            when (select count(*) from named) > 1
                then error('step_at: several commits begin with ''' || read.word || '''; write more digits')
            when steps_of.step_count = 0 then coalesce(
                alone.step,
                error(
                    'step_at: ' || coalesce('''' || read.word || '''', 'NULL') || ' is unknown, since this '
                    || 'snapshot has no past: it is the state of ' || build.as_of_date || '; write ''now'''
                )
            )
            else coalesce(
                until.step,
                no_match(
                    'step_at: no commit, snapshot or time of this history is',
                    read.word,
                    null,
                    'write the first 7 digits of a commit, a snapshot, or a time from '
                    || strftime(steps_of.first_at, '%Y-%m-%d %H:%M:%S') || ' to '
                    || strftime(steps_of.last_at, '%Y-%m-%d %H:%M:%S') || ' (UTC)'
                )
            )
        end as step
    from read
    cross join steps_of
    cross join until
    cross join staging.build as build
    left join alone on true
)

select
    asked.step,
    coalesce(steps.step_kind, 'build') as step_kind,
    steps.commit_id,
    steps.snapshot_id,
    steps.committed_at
from asked
left join tidy.steps as steps on steps.step = asked.step
