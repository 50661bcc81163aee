-- No field has refused or repaired values in more than 1 in 100 documents. If one has, either the files
-- changed or they are read wrongly.
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
