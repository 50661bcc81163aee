-- What tidy.related_items had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.related_items, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   position: 0-based position in the file.
--   title
--   excerpt
--   published_at
--   web_url
--   canonical_url
--   type
--   quality
--   heat
--   provider_id
--   provider_name
--   provider_domain
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
    where lists.list_name = 'related_items' and lists.item_ids <> ''
),

found as (
    select
        past.document_id,
        cast(past.place as integer) as position,
        items.title,
        items.excerpt,
        items.published_at,
        items.web_url,
        items.canonical_url,
        items.type,
        items.quality,
        items.heat,
        items.provider_id,
        items.provider_name,
        items.provider_domain
    from past
    inner join tidy.past_related_items as items on items.item_id = past.item_id
    union all
    select
        current.document_id,
        current.position,
        current.title,
        current.excerpt,
        current.published_at,
        current.web_url,
        current.canonical_url,
        current.type,
        current.quality,
        current.heat,
        current.provider_id,
        current.provider_name,
        current.provider_domain
    from tidy.related_items as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'related_items'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    position,
    title,
    excerpt,
    published_at,
    web_url,
    canonical_url,
    type,
    quality,
    heat,
    provider_id,
    provider_name,
    provider_domain
from found
order by document_id, position
