-- News articles with a date, the texts of which say which event they report.
--
-- Grain: a news article with a calendar_date.
-- Key: document_id
-- Columns:
--   document_id
--   title
--   excerpt
--   published_at
--   canonical_url
--   provider_id
select
    documents.document_id,
    documents.title,
    documents.excerpt,
    documents.published_at,
    documents.canonical_url,
    documents.provider_id
from staging.documents as documents
inner join core.translations as translations on translations.document_id = documents.document_id
where translations.is_article and documents.kind = 'news' and documents.calendar_date is not null
