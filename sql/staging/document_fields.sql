-- The declared fields that a document has at most once: its single values and its lists.
--
-- Grain: a declared field of documents; mappings and the fields of list items are not among them.
-- Key: field
-- Columns:
--   field: The column of the documents table, or for a list its name, such as images.
--   source_field: The key in the files, with the one above it, such as ratings.count or provider.authors.
select
    name as field,
    key as source_field
from tidy.fields
where not is_in_list and kind <> 'mapping'
