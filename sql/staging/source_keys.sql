-- The keys of documents that fill a field, and the mappings that these keys are in, with the preset
-- `generic`.
--
-- A value that fills topics, authors, images or related is a list, however it is written.
--
-- Grain: a document, a key and a kind of value.
-- Key: document_id, key, value_kind
-- Columns:
--   document_id: The document.
--   document_type: Kind of document as written, or `(none)`.
--   key: The key in the files, with those above it, such as extra.updated.
--   value_kind: The kind of value as the key profile counts it: number, date, flag, text, list or mapping.
with sources as (
    select
        sources.document_id,
        coalesce(documents.type, '(none)') as document_type,
        sources.key,
        case
            when sources.field in ('published_at', 'updated_at') then 'date'
            when sources.field in ('is_published', 'is_draft') then 'flag'
            when sources.field = 'weight' then 'number'
            when sources.field in ('topics', 'authors', 'images', 'related') then 'list'
            else 'text'
        end as value_kind,
        string_split(sources.key, '.') as parts
    from staging.document_sources as sources
    inner join staging.documents as documents on documents.document_id = sources.document_id
    where not starts_with(sources.key, ':')
),

parents as (
    select
        document_id,
        document_type,
        parts,
        unnest(range(1, len(parts))) as depth
    from sources
)

select distinct
    document_id,
    document_type,
    key,
    value_kind
from sources
union
select
    document_id,
    document_type,
    array_to_string(parts[:depth], '.') as key,
    'mapping' as value_kind
from parents
