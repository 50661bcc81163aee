-- Values that were refused, by the field of the file that they stood in, whatever their place in a list.
--
-- Grain: a value refused.
-- Key: document_id, position
-- Columns:
--   document_id: The document.
--   position: 0-based place of the issue within the document.
--   field: The field with its place in lists, such as `images[0].width`.
--   source_field: The field without places, such as `images.width`.
--   problem: Why the value was refused.
select
    document_id,
    position,
    field,
    regexp_replace(field, '\[[0-9]+\]', '', 'g') as source_field,
    problem
from tidy.field_issues
