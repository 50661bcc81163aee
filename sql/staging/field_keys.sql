-- The keys that fill each field: with the preset `smartable` the one that is declared, with the preset
-- `generic` those that fill it in at least one document.
--
-- Only fields that a document has at most once: its single values and its lists.
--
-- Grain: a field and a key.
-- Key: field, key
-- Columns:
--   field: The column of the documents table, or for a list its name, such as images.
--   key: The key in the files, with those above it, such as ratings.count or extra.updated; `:path` and
--     the like for a part of the path.
--   document_count?: Documents in which the key fills the field; NULL with the preset `smartable`.
select
    name as field,
    key,
    null as document_count
from staging.declared_fields
where not is_in_list and kind <> 'mapping'
union all
select
    field,
    key,
    count(distinct document_id) as document_count
from staging.document_sources
group by field, key
