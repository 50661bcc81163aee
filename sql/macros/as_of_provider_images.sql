-- What tidy.provider_images had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.provider_images, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   related_position: 0-based position of the related item in the file; -1 for the document itself.
--   position: 0-based position in the file.
--   provider_id
--   url
--   width
--   height
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
    where lists.list_name = 'provider_images' and lists.item_ids <> ''
),

found as (
    select
        past.document_id,
        cast(split_part(past.place, '.', 1) as integer) as related_position,
        cast(split_part(past.place, '.', 2) as integer) as position,
        items.provider_id,
        items.url,
        items.width,
        items.height
    from past
    inner join tidy.past_provider_images as items on items.item_id = past.item_id
    union all
    select
        current.document_id,
        current.related_position,
        current.position,
        current.provider_id,
        current.url,
        current.width,
        current.height
    from tidy.provider_images as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'provider_images'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    related_position,
    position,
    provider_id,
    url,
    width,
    height
from found
order by document_id, related_position, position
