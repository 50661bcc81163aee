-- What tidy.document_topics had at a moment: its rows in a build of that state.
--
-- Grain: a row of tidy.document_topics, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id: The document: 16 hex digits, a 64-bit hash of its path.
--   position: 0-based position in the file.
--   topic_id
--   topic
--   topic_kind
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
    where lists.list_name = 'document_topics' and lists.item_ids <> ''
),

found as (
    select
        past.document_id,
        cast(past.place as integer) as position,
        items.topic_id,
        items.topic,
        items.topic_kind
    from past
    inner join tidy.past_document_topics as items on items.item_id = past.item_id
    union all
    select
        current.document_id,
        current.position,
        current.topic_id,
        current.topic,
        current.topic_kind
    from tidy.document_topics as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'document_topics'
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    position,
    topic_id,
    topic,
    topic_kind
from found
order by document_id, position
