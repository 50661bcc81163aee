-- What tidy.related_images had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.related_images, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   related_position: 0-based position of the related item in the file.
--   position: 0-based position in the file.
--   url
--   host
--   width
--   height
--   is_cached
--   title
--   attribution
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
    where lists.list_name = 'related_images' and lists.item_ids <> ''
),

found as (
    select
        past.document_id,
        cast(split_part(past.place, '.', 1) as integer) as related_position,
        cast(split_part(past.place, '.', 2) as integer) as position,
        items.url,
        items.host,
        items.width,
        items.height,
        items.is_cached,
        items.title,
        items.attribution
    from past
    inner join tidy.past_related_images as items on items.item_id = past.item_id
    union all
    select
        current.document_id,
        current.related_position,
        current.position,
        current.url,
        current.host,
        current.width,
        current.height,
        current.is_cached,
        current.title,
        current.attribution
    from tidy.related_images as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'related_images'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    related_position,
    position,
    url,
    host,
    width,
    height,
    is_cached,
    title,
    attribution
from found
order by document_id, related_position, position
