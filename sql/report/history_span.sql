-- The steps of the history; no row without one.
--
-- Grain: the history.
-- Key: step_kind
-- Columns:
--   step_kind: commit or build.
--   step_count: All steps.
--   first_at: When the first step was committed or built (UTC).
--   last_at: When the last one was.
--   bulk_count: Files of the first step, which may be older.
--   change_count: Changes since.
select
    any_value(steps.step_kind) as step_kind,
    count(*) as step_count,
    arg_min(steps.committed_at, steps.step) as first_at,
    arg_max(steps.committed_at, steps.step) as last_at,
    any_value(totals.bulk_count) as bulk_count,
    any_value(totals.change_count) as change_count
from tidy.steps as steps
cross join (
    select
        count(*) filter (where is_bulk) as bulk_count,
        count(*) filter (where not is_bulk and not is_moved) as change_count
    from history.changes
) as totals
having count(*) > 0
