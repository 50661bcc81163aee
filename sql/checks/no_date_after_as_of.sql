-- Documents should not be published more than a day after as_of_date. Such documents count in totals, but in
-- no period.
--
-- Severity: warn
select
    documents.document_id,
    documents.path,
    documents.published_at
from staging.documents as documents
cross join staging.build as build
where documents.published_date > build.last_calendar_date
