-- The fields that a document has at most once, its single values and its lists: those declared, or with
-- the preset `generic` those that at least one document has.
--
-- Grain: a field; mappings and the fields of list items are not among them.
-- Key: field
-- Columns:
--   field
--   source_field: The key in the files, with the one above it, such as ratings.count or provider.authors;
--     if several keys fill the field, all of them, the most frequent first.
select
    field,
    string_agg(key, ', ' order by document_count desc, key) as source_field
from staging.field_keys
group by field
