-- Refused and repaired values, by field.
--
-- Grain: a refused or repaired value.
-- Key: document_id, position
-- Columns:
--   document_id
--   position
--   field
--   source_field: The field without positions in lists, such as `images.width`.
--   problem
select
    document_id,
    position,
    field,
    regexp_replace(field, '\[[0-9]+\]', '', 'g') as source_field,
    problem
from tidy.field_issues
