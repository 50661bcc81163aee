-- The rejects as they were at a moment: tidy.rejects of a build of that state.
--
-- Grain: a rejected file, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id
--   path
--   reason
--   message
--   line
--   column
with asked as materialized (
    select steps.step
    from step_at(moment) as steps
),

starts as (
    select
        document_id,
        max(step) as first_step
    from tidy.document_changes
    group by document_id
),

found as (
    select
        past.document_id,
        past.path,
        past.reason,
        past.message,
        past.line,
        past."column"
    from tidy.past_rejects as past
    inner join asked on past.valid_from <= asked.step and past.valid_to > asked.step
    union all
    select
        current.document_id,
        current.path,
        current.reason,
        current.message,
        current.line,
        current."column"
    from tidy.rejects as current
    left join starts on starts.document_id = current.document_id
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    path,
    reason,
    message,
    line,
    "column"
from found
order by document_id
