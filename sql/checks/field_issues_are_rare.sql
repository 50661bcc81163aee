-- A field should have refused or repaired values in at most 1 in 100 documents. With more, either the files
-- have changed or they are read wrongly.
--
-- Severity: warn
with documents as (
    select count(*) as document_count
    from tidy.documents
),

issues as (
    select
        source_field,
        count(distinct document_id) as issue_document_count
    from staging.field_issues
    group by source_field
)

select
    issues.source_field,
    issues.issue_document_count,
    documents.document_count
from issues
cross join documents
where issues.issue_document_count * 100 > documents.document_count
