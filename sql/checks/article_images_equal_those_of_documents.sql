-- core.article_images must have exactly the images of the documents that are articles, at the same positions.
--
-- Severity: error
with written as (
    select
        images.document_id,
        images.position
    from tidy.document_images as images
    inner join core.translations as articles on articles.document_id = images.document_id
    where articles.is_article
)

select
    coalesce(written.document_id, images.document_id) as document_id,
    coalesce(written.position, images.position) as position,
    if(images.document_id is null, 'missing from core.article_images', 'not in the file') as problem
from written
full join core.article_images as images
    on images.document_id = written.document_id and images.position = written.position
where written.document_id is null or images.document_id is null
