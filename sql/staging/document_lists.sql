-- Lists of a document with at least one item, under the keys that files write.
--
-- Grain: a document and a list that is not empty.
-- Key: document_id, key
-- Columns:
--   document_id: The document.
--   key: The key of the list as files write it, such as provider.authors; `[]` marks the items of a list
--     above it.
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
