-- What tidy.field_sources had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.field_sources, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   position: 0-based position in the file.
--   field
--   key
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
    where lists.list_name = 'field_sources' and lists.item_ids <> ''
),

found as (
    select
        past.document_id,
        cast(past.place as integer) as position,
        items.field,
        items.key
    from past
    inner join tidy.past_field_sources as items on items.item_id = past.item_id
    union all
    select
        current.document_id,
        current.position,
        current.field,
        current.key
    from tidy.field_sources as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'field_sources'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    position,
    field,
    key
from found
order by document_id, position
