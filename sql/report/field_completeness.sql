-- Completeness of each field, over all documents and by the types that most documents have.
--
-- Grain: a document type, among the eight largest, and a field; type `All documents` for all types together.
-- Key: type_rank, field_number
-- Columns:
--   type_rank: 0 for all documents, then 1 for the type with most documents, ties going by type.
--   field_number: Number of the field: fields that at least half of the documents have come first, the least
--     complete first within each half.
--   type: Kind of document as written; `(none)` for documents without a type.
--   source_field: The field as files write it.
--   document_count: Documents of the type.
--   present_count: Documents with a value in the field.
--   refused_count: Documents in which every value of the field was refused.
--   present_share: Share (0..1) of the documents with a value in the field.
with types as (
    select
        type,
        max(document_count) as document_count,
        row_number() over (order by max(document_count) desc, type) as type_rank
    from marts.field_completeness
    group by type
    qualify type_rank <= 8
),

fields as (
    select
        field,
        source_field,
        cast(sum(document_count) as bigint) as document_count,
        cast(sum(present_count) as bigint) as present_count,
        cast(sum(refused_count) as bigint) as refused_count,
        row_number() over (
            order by
                sum(present_count) / sum(document_count) < 0.5,
                sum(present_count) / sum(document_count),
                source_field,
                field
        ) as field_number
    from marts.field_completeness
    group by field, source_field
)

select
    0 as type_rank,
    field_number,
    'All documents' as type,
    source_field,
    document_count,
    present_count,
    refused_count,
    present_count / document_count as present_share
from fields
union all
select
    types.type_rank,
    fields.field_number,
    types.type,
    completeness.source_field,
    completeness.document_count,
    completeness.present_count,
    completeness.refused_count,
    completeness.present_share
from types
inner join marts.field_completeness as completeness on completeness.type = types.type
inner join fields on fields.field = completeness.field
