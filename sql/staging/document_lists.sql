-- The lists below a document, each as the key that the files write it under: those with at least one item.
--
-- Grain: a document and a list that it fills.
-- Key: document_id, key
-- Columns:
--   document_id: The document.
--   key: The list as the files call it, such as provider.authors; `[]` stands for the place in a list.
select distinct
    document_id,
    'topics' as key
from tidy.document_topics
union all
select distinct
    document_id,
    'images' as key
from tidy.document_images
union all
select distinct
    document_id,
    'related' as key
from tidy.related_items
union all
select distinct
    document_id,
    'related[].images' as key
from tidy.related_images
union all
select distinct
    document_id,
    case when related_position < 0 then 'provider.images' else 'related[].provider.images' end as key
from tidy.provider_images
union all
select distinct
    document_id,
    'provider.authors' as key
from tidy.document_authors
union all
select distinct
    document_id,
    'actions' as key
from tidy.document_actions
union all
select distinct
    document_id,
    'levels' as key
from tidy.document_levels
union all
select distinct
    document_id,
    'items' as key
from tidy.document_items
