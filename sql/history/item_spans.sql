-- Spans of the topics, related items and images of documents: from when to when a document had an item. One
-- that moves to another position, or of which only other columns change, stays one span; two of the same in a
-- document are one. The views topic_spans, related_spans and image_spans have a kind each.
--
-- On censoring: a span of the first step began then or before; one without a last_step may go on. A span
-- ends with the life of its document, also where that is renamed.
--
-- Grain: a stretch of steps over which a document had the item.
-- Key: kind, document_id, item, first_step
-- Columns:
--   kind: Kind of item: topic, related or image.
--   document_id: The document.
--   item: The topic_id, the URL of an image, or the canonical URL of a related item; without one its URL as
--     written, or its title.
--   label?: The topic as written, or the title, the first in the alphabet if there were several; NULL if
--     there was none.
--   first_step: The first step that has it.
--   last_step?: The last step that has it; NULL if the last of all has it.
--   first_at: When first_step was committed or built (UTC).
--   last_at?: When last_step was committed or built (UTC); NULL without a last_step.
--   gone_at?: When the step after last_step was committed or built (UTC); NULL without a last_step.
--   is_new: Whether a document that was there before got it; false where it came with its document.
--   is_lost: Whether it went and its document stayed.
--   is_left_censored: Whether the first step has it.
--   is_right_censored: Whether the last step has it.
with past as (
    select
        document_id,
        list_name,
        valid_from,
        valid_to,
        unnest(string_split(item_ids, ' ')) as item_id
    from tidy.past_lists
    where list_name in ('document_topics', 'related_items', 'document_images') and item_ids <> ''
),

items as (
    select
        'topic' as kind,
        past.document_id,
        past.valid_from,
        past.valid_to,
        items.topic_id as item,
        items.topic as label
    from past
    inner join tidy.past_document_topics as items on items.item_id = past.item_id
    where past.list_name = 'document_topics'
    union all
    select
        'related' as kind,
        past.document_id,
        past.valid_from,
        past.valid_to,
        coalesce(nullif(items.canonical_url, ''), nullif(items.web_url, ''), items.title) as item,
        items.title as label
    from past
    inner join tidy.past_related_items as items on items.item_id = past.item_id
    where past.list_name = 'related_items'
    union all
    select
        'image' as kind,
        past.document_id,
        past.valid_from,
        past.valid_to,
        items.url as item,
        items.title as label
    from past
    inner join tidy.past_document_images as items on items.item_id = past.item_id
    where past.list_name = 'document_images'
    union all
    select
        'topic' as kind,
        current.document_id,
        coalesce(starts.first_step, 0) as valid_from,
        null as valid_to,
        current.topic_id as item,
        current.topic as label
    from tidy.document_topics as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'document_topics'
    where exists (select step from tidy.steps)
    union all
    select
        'related' as kind,
        current.document_id,
        coalesce(starts.first_step, 0) as valid_from,
        null as valid_to,
        coalesce(nullif(current.canonical_url, ''), nullif(current.web_url, ''), current.title) as item,
        current.title as label
    from tidy.related_items as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'related_items'
    where exists (select step from tidy.steps)
    union all
    select
        'image' as kind,
        current.document_id,
        coalesce(starts.first_step, 0) as valid_from,
        null as valid_to,
        current.url as item,
        current.title as label
    from tidy.document_images as current
    left join history.list_starts as starts
        on starts.document_id = current.document_id and starts.list_name = 'document_images'
    where exists (select step from tidy.steps)
),

lists as (
    select
        kind,
        document_id,
        item,
        valid_from,
        valid_to,
        min(label) as label
    from items
    where item is not null
    group by kind, document_id, item, valid_from, valid_to
),

marked as (
    select
        *,
        coalesce(lag(valid_to) over lists <> valid_from, true) as is_start
    from lists
    window lists as (partition by kind, document_id, item order by valid_from)
),

numbered as (
    select
        *,
        count(*) filter (where is_start) over (
            partition by kind, document_id, item
            order by valid_from
        ) as span
    from marked
),

spans as (
    select
        kind,
        document_id,
        item,
        min(label) as label,
        min(valid_from) as first_step,
        if(count(valid_to) = count(*), max(valid_to), null) as end_step
    from numbered
    group by kind, document_id, item, span
)

select
    spans.kind,
    spans.document_id,
    spans.item,
    spans.label,
    spans.first_step,
    spans.end_step - 1 as last_step,
    first_steps.committed_at as first_at,
    last_steps.committed_at as last_at,
    end_steps.committed_at as gone_at,
    lives.document_id is null as is_new,
    spans.end_step is not null and ended.document_id is null as is_lost,
    spans.first_step = 0 as is_left_censored,
    spans.end_step is null as is_right_censored
from spans
inner join tidy.steps as first_steps on first_steps.step = spans.first_step
left join tidy.steps as last_steps on last_steps.step = spans.end_step - 1
left join tidy.steps as end_steps on end_steps.step = spans.end_step
left join history.lives as lives
    on lives.document_id = spans.document_id and lives.first_step = spans.first_step
left join history.lives as ended
    on ended.document_id = spans.document_id and ended.end_step = spans.end_step
