-- Related links between two news articles with a date.
--
-- Grain: a news article and another one that it lists as related.
-- Key: document_id, linked_document_id
-- Columns:
--   document_id
--   linked_document_id: The article that is listed.
with news as (
    select documents.document_id
    from staging.documents as documents
    where documents.kind = 'news' and documents.calendar_date is not null
)

select distinct
    links.document_id,
    links.resolved_document_id as linked_document_id
from core.related_links as links
inner join news on news.document_id = links.document_id
inner join news as linked on linked.document_id = links.resolved_document_id
where links.is_cluster_link
