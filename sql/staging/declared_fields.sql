-- The declared fields of the preset `smartable`, each of which has one key. The preset `generic` has none:
-- there each document says by which keys its fields are filled, see source_keys.
--
-- Grain: a declared field of a document, of a mapping in it or of an item of a list.
-- Key: key
-- Columns:
--   key
--   parent_key
--   table_name
--   column_name
--   name
--   kind
--   value_kind
--   is_profiled
--   is_in_list
select
    fields.key,
    fields.parent_key,
    fields.table_name,
    fields.column_name,
    fields.name,
    fields.kind,
    fields.value_kind,
    fields.is_profiled,
    fields.is_in_list
from tidy.fields as fields
cross join staging.build as build
where build.preset = 'smartable'
