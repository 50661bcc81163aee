-- Completeness of each field by type of document: how many documents have it, and how the others lack it.
--
-- In each document a field is present, or it is absent, null, empty or refused: the five counts add up to
-- document_count. All documents count, including people, communities and organisations.
--
-- Grain: a type of document, `(none)` for documents without a type, and a field.
-- Key: type, field
-- Order: type, present_share
-- Columns:
--   type: Kind of document as written, or `(none)`.
--   field
--   source_field: The key of the field in the files.
--   document_count: Documents of the type.
--   present_count: Documents with a value in the field. A heat of -1 is a value; so is a list of at least one
--     item.
--   empty_count: Documents where the field is an empty text, list or mapping.
--   refused_count: Documents where every value of the field was refused; see field_issues.
--   null_count: Documents where the field is null, as in `heat:` without a value.
--   absent_count: Documents that do not have the key.
--   present_share: Share (0..1) of the documents with a value in the field.
with filled as (
    select
        document_id,
        document_type,
        field,
        if(value = '', 'empty', 'present') as state
    from staging.field_values
    union all
    select
        lists.document_id,
        coalesce(documents.type, '(none)') as document_type,
        fields.field,
        'present' as state
    from staging.document_lists as lists
    inner join staging.field_keys as fields on fields.key = lists.key
    inner join staging.documents as documents on documents.document_id = lists.document_id
    union all
    select distinct
        sources.document_id,
        coalesce(documents.type, '(none)') as document_type,
        sources.field,
        'present' as state
    from staging.document_sources as sources
    inner join staging.documents as documents on documents.document_id = sources.document_id
),

-- The state of a mapping applies to each field in it: if `provider:` has no value, provider.name is null.
unfilled as (
    select
        keys.document_id,
        fields.field,
        max(keys.state) as state
    from staging.unfilled_keys as keys
    inner join staging.field_keys as fields
        on fields.key = keys.source_field
        or split_part(fields.key, '.', 1) = keys.source_field
    group by keys.document_id, fields.field
),

-- Another value of the field may have been accepted: an item of the list, or the last of a repeated key.
filled_anyway as (
    select distinct
        unfilled.document_id,
        unfilled.field
    from filled
    inner join unfilled on unfilled.document_id = filled.document_id and unfilled.field = filled.field
),

states as (
    select
        document_type,
        field,
        state
    from filled
    union all
    select
        coalesce(documents.type, '(none)') as document_type,
        unfilled.field,
        unfilled.state
    from unfilled
    inner join staging.documents as documents on documents.document_id = unfilled.document_id
    anti join filled_anyway
        on filled_anyway.document_id = unfilled.document_id and filled_anyway.field = unfilled.field
),

counts as (
    select
        document_type,
        field,
        count(*) filter (where state = 'present') as present_count,
        count(*) filter (where state = 'empty') as empty_count,
        count(*) filter (where state = 'refused') as refused_count,
        count(*) filter (where state = 'null') as null_count,
        count(*) as written_count
    from states
    group by document_type, field
),

types as (
    select
        coalesce(type, '(none)') as type,
        count(*) as document_count
    from staging.documents
    group by coalesce(type, '(none)')
)

select
    types.type,
    fields.field,
    fields.source_field,
    types.document_count,
    coalesce(counts.present_count, 0) as present_count,
    coalesce(counts.empty_count, 0) as empty_count,
    coalesce(counts.refused_count, 0) as refused_count,
    coalesce(counts.null_count, 0) as null_count,
    types.document_count - coalesce(counts.written_count, 0) as absent_count,
    coalesce(counts.present_count, 0) / types.document_count as present_share
from types
cross join staging.document_fields as fields
left join counts on counts.document_type = types.type and counts.field = fields.field
