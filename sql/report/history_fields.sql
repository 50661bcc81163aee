-- The first twelve fields that differ in each of the changes that the report lists.
--
-- Grain: a field of a change; of a list an item that came or went.
-- Key: document_id, step, field, item
-- Columns:
--   document_id
--   step
--   field
--   item
--   old?: The value before; its first 400 characters.
--   new?: The value since; its first 400 characters.
--   field_count: All fields of the change.
select
    fields.document_id,
    fields.step,
    fields.field,
    fields.item,
    left(fields.old, 400) as old,
    left(fields.new, 400) as new,
    count(*) over (partition by fields.document_id, fields.step) as field_count
from history.version_changes as fields
inner join report.history_changes as listed
    on listed.document_id = fields.document_id and listed.step = fields.step
qualify
    row_number() over (partition by fields.document_id, fields.step order by fields.field, fields.item) <= 12
