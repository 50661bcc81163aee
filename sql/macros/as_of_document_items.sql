-- What tidy.document_items had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.document_items, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   position: 0-based position in the file.
--   item
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
    where lists.list_name = 'document_items' and lists.item_ids <> ''
),

found as (
    select
        past.document_id,
        cast(past.place as integer) as position,
        items.item
    from past
    inner join tidy.past_document_items as items on items.item_id = past.item_id
    union all
    select
        current.document_id,
        current.position,
        current.item
    from tidy.document_items as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'document_items'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    position,
    item
from found
order by document_id, position
