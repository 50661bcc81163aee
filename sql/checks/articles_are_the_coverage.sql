-- core.articles must have exactly the documents that are coverage; of translations of one text, exactly one.
--
-- Severity: error
with coverage as (
    select distinct
        if(build.preset = 'generic', translations.article_document_id, documents.document_id) as document_id
    from staging.documents as documents
    cross join staging.build as build
    left join core.translations as translations on translations.document_id = documents.document_id
    where documents.is_coverage
)

select
    coalesce(coverage.document_id, articles.document_id) as document_id,
    if(articles.document_id is null, 'missing from core.articles', 'no coverage') as problem
from coverage
full join core.articles as articles on articles.document_id = coverage.document_id
where coverage.document_id is null or articles.document_id is null
