-- core.related_links must have exactly the related items of the documents that are articles, at the same
-- positions.
--
-- Severity: error
with written as (
    select
        items.document_id,
        items.position
    from tidy.related_items as items
    inner join core.translations as articles on articles.document_id = items.document_id
    where articles.is_article
)

select
    coalesce(written.document_id, links.document_id) as document_id,
    coalesce(written.position, links.position) as position,
    if(links.document_id is null, 'missing from core.related_links', 'not in the file') as problem
from written
full join core.related_links as links
    on links.document_id = written.document_id and links.position = written.position
where written.document_id is null or links.document_id is null
