-- Two articles that a related link joins must be in the same cluster.
--
-- Severity: error
select
    links.document_id,
    links.position,
    here.cluster_id,
    there.cluster_id as linked_cluster_id
from core.related_links as links
inner join core.articles as here on here.document_id = links.document_id
inner join core.articles as there on there.document_id = links.resolved_document_id
where links.is_cluster_link and here.cluster_id <> there.cluster_id
