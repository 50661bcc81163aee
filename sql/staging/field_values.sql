-- The values that documents have in the columns of declared fields, as text.
--
-- `columns(*)` selects all columns of documents, and tidy.fields declares which of them are fields, so that a
-- new field needs no change here. A heat of -1 is a value, though it is NULL in documents.
--
-- Grain: a document and a declared field in which it has a value.
-- Key: document_id, source_field
-- Columns:
--   document_id: The document.
--   document_type: Kind of document as written, or `(none)`.
--   source_field: The key in the files, with the one above it, such as ratings.count.
--   parent_key?: The mapping that the key is in, such as ratings; NULL at the top of the file.
--   field: The column of the documents table.
--   kind: The kind of value, see tidy.fields.
--   value_kind: The kind of value as the key profile counts it, see tidy.fields.
--   value: The value as text; may be empty.
with documents as (
    select * replace (
        case when is_suppressed then -1 else heat end as heat,
        nullif(has_secured, false) as has_secured
    )
    from tidy.documents
),

texts as (
    select
        document_id,
        coalesce(type, '(none)') as document_type,
        -- Without the columns that are derived from others, since casting them would waste time.
        cast(columns(* exclude (
            document_id, path, collection, canonical_url, url_host, is_suppressed, provider_id, body_chars,
            body_words, is_text_repaired, is_repaired, content_hash, slug, language, weight, document_kind,
            extra
        )) as varchar)
    from documents
),

column_values as (
    select
        document_id,
        document_type,
        column_name,
        value
    from texts
    unpivot (value for column_name in (columns(* exclude (document_id, document_type))))
)

select
    column_values.document_id,
    column_values.document_type,
    fields.key as source_field,
    fields.parent_key,
    column_values.column_name as field,
    fields.kind,
    fields.value_kind,
    column_values.value
from column_values
inner join staging.declared_fields as fields
    on fields.column_name = column_values.column_name and fields.table_name = 'documents'
