-- The spans of an item in a document follow each other, with a gap between them.
--
-- Severity: error
with spans as (
    select
        'topic' as kind,
        document_id,
        topic_id as item,
        first_step,
        last_step
    from history.topic_spans
    union all
    select
        'related' as kind,
        document_id,
        link as item,
        first_step,
        last_step
    from history.related_spans
    union all
    select
        'image' as kind,
        document_id,
        url as item,
        first_step,
        last_step
    from history.image_spans
)

select
    kind,
    document_id,
    item,
    first_step,
    last_step
from spans
qualify
    last_step < first_step
    or coalesce(
        lead(first_step) over (partition by kind, document_id, item order by first_step)
        <= coalesce(last_step, 9223372036854775806),
        false
    )
