-- What tidy.field_issues had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.field_issues, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   position: 0-based position in the file.
--   path: Path relative to the source folder, with `/`.
--   field
--   value
--   problem
with asked as materialized (
    select steps.step
    from step_at(moment) as steps
),

past as (
    select
        lists.document_id,
        unnest(string_split(lists.item_ids, ' ')) as item_id,
        unnest(string_split(lists.positions, ' ')) as place
    from tidy.past_lists as lists
    inner join asked on lists.valid_from <= asked.step and lists.valid_to > asked.step
    where lists.list_name = 'field_issues' and lists.item_ids <> ''
),

paths as (
    select distinct
        document_id,
        path
    from tidy.document_changes
),

found as (
    select
        past.document_id,
        cast(past.place as integer) as position,
        paths.path,
        items.field,
        items.value,
        items.problem
    from past
    inner join tidy.past_field_issues as items on items.item_id = past.item_id
    inner join paths on paths.document_id = past.document_id
    union all
    select
        current.document_id,
        current.position,
        current.path,
        current.field,
        current.value,
        current.problem
    from tidy.field_issues as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'field_issues'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    position,
    path,
    field,
    value,
    problem
from found
order by document_id, position
