-- The keys of documents without a value, at the top of the file or in a mapping there.
--
-- Mappings are read as maps, not with json_each, which copies the whole of `extra` for every key in it; and
-- not by extra_values, which reads all of `extra` to find these few keys.
--
-- Grain: a document, a key and a way in which a value is missing.
-- Key: document_id, source_field, state
-- Columns:
--   document_id: The document.
--   source_field: The key in the files, with the one above it, such as ratings.count.
--   state: `null`, `empty` (an empty text, list or mapping) or `refused` (see field_issues).
with entries as (
    select
        document_id,
        unnest(map_entries(from_json(extra, '"MAP(VARCHAR, JSON)"'))) as entry
    from tidy.documents
    where extra is not null
),

parents as (
    select key
    from staging.declared_fields
    where kind = 'mapping'
    union
    select split_part(key, '.', 1) as key
    from staging.field_keys
    where contains(key, '.')
),

mappings as (
    select
        entries.document_id,
        parents.key as parent_key,
        unnest(map_entries(from_json(entries.entry.value, '"MAP(VARCHAR, JSON)"'))) as entry
    from entries
    inner join parents on parents.key = entries.entry.key
    where json_type(entries.entry.value) = 'OBJECT'
),

leftovers as (
    select
        document_id,
        entry.key as source_field,
        entry.value as value
    from entries
    union all
    select
        document_id,
        parent_key || '.' || entry.key as source_field,
        entry.value as value
    from mappings
)

select
    document_id,
    source_field,
    case when value is null then 'null' else 'empty' end as state
from leftovers
where value is null or cast(value as varchar) in ('""', '[]', '{}')
union
select
    document_id,
    source_field,
    'refused' as state
from staging.field_issues
