-- The steps of the history; no row without one.
--
-- Grain: the history.
-- Key: step_kind
-- Columns:
--   step_kind: Commit or build, in lower case.
--   step_count: All steps.
--   first_at: When the first step was committed or built (UTC).
--   last_at: When the last one was.
--   bulk_count: Files of the first step, which may be older.
--   change_count: Changes since.
with totals as (
    select
        count(*) filter (where is_bulk) as bulk_count,
        count(*) filter (where not is_bulk and not is_moved) as change_count
    from history.changes
),

ends as (
    select
        count(*) as step_count,
        min(step) as first_step,
        max(step) as last_step
    from tidy.steps
)

select
    first.step_kind,
    ends.step_count,
    first.committed_at as first_at,
    last.committed_at as last_at,
    totals.bulk_count,
    totals.change_count
from ends
cross join totals
inner join tidy.steps as first on first.step = ends.first_step
inner join tidy.steps as last on last.step = ends.last_step
