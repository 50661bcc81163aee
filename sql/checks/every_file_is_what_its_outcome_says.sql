-- A file with outcome document must be in tidy.documents only, one with outcome reject in tidy.rejects only,
-- and a skipped one in neither.
--
-- Severity: error
with places as (
    select
        coalesce(files.document_id, documents.document_id, rejects.document_id) as document_id,
        coalesce(files.path, documents.path, rejects.path) as path,
        coalesce(files.outcome, 'not seen') as outcome,
        documents.document_id is not null as is_document,
        rejects.document_id is not null as is_reject
    from tidy.files as files
    full join tidy.documents as documents on documents.document_id = files.document_id
    full join tidy.rejects as rejects
        on rejects.document_id = coalesce(files.document_id, documents.document_id)
)

select
    document_id,
    path,
    outcome,
    is_document,
    is_reject
from places
where outcome = 'not seen'
    or is_document <> (outcome = 'document')
    or is_reject <> (outcome = 'reject')
