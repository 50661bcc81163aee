-- core.articles must have exactly the documents that are coverage.
--
-- Severity: error
with coverage as (
    select document_id
    from staging.documents
    where is_coverage
)

select
    coalesce(coverage.document_id, articles.document_id) as document_id,
    if(articles.document_id is null, 'missing from core.articles', 'no coverage') as problem
from coverage
full join core.articles as articles on articles.document_id = coverage.document_id
where coverage.document_id is null or articles.document_id is null
