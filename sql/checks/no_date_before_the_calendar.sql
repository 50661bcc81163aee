-- Documents should not be published before 1990, which is taken for an error. Such documents count in totals,
-- but in no period.
--
-- Severity: warn
select
    documents.document_id,
    documents.path,
    documents.published_at
from staging.documents as documents
cross join staging.build as build
where documents.published_date < build.first_calendar_date
