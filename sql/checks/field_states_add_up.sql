-- For every type and field, each document must be in exactly one of the states present, empty, refused, null
-- and absent.
--
-- Severity: error
with documents as (
    select
        coalesce(type, '(none)') as type,
        count(*) as document_count
    from staging.documents
    group by coalesce(type, '(none)')
)

select
    completeness.type,
    completeness.field,
    completeness.document_count,
    documents.document_count as expected_document_count
from marts.field_completeness as completeness
left join documents on documents.type = completeness.type
where completeness.document_count is distinct from documents.document_count
    or completeness.document_count <> (
        completeness.present_count + completeness.empty_count + completeness.refused_count
        + completeness.null_count + completeness.absent_count
    )
    or completeness.absent_count < 0
