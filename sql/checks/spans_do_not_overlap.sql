-- The spans of an item in a document follow each other, with a gap between them.
--
-- Severity: error
select
    kind,
    document_id,
    item,
    first_step,
    last_step
from history.item_spans
qualify
    last_step < first_step
    or coalesce(
        lead(first_step) over (partition by kind, document_id, item order by first_step)
        <= coalesce(last_step, 9223372036854775806),
        false
    )
