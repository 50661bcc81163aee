-- Every row of a table below tidy.documents must belong to a document, and every image of a related item to
-- that item.
--
-- Severity: error
with children as (
    select 'document_topics' as table_name, document_id, position from tidy.document_topics
    union all
    select 'document_images', document_id, position from tidy.document_images
    union all
    select 'related_items', document_id, position from tidy.related_items
    union all
    select 'document_authors', document_id, position from tidy.document_authors
    union all
    select 'document_actions', document_id, position from tidy.document_actions
    union all
    select 'document_levels', document_id, position from tidy.document_levels
    union all
    select 'document_items', document_id, position from tidy.document_items
    union all
    select 'provider_images', document_id, related_position from tidy.provider_images
    union all
    select 'field_issues', document_id, position from tidy.field_issues
    union all
    select 'field_sources', document_id, position from tidy.field_sources
),

below_related_items as (
    select 'related_images' as table_name, document_id, related_position from tidy.related_images
    union all
    select 'provider_images', document_id, related_position from tidy.provider_images
    where related_position >= 0
)

select
    children.table_name,
    children.document_id,
    children.position,
    'document' as missing_parent
from children
anti join tidy.documents as documents on documents.document_id = children.document_id
union all
select
    below_related_items.table_name,
    below_related_items.document_id,
    below_related_items.related_position as position,
    'related item' as missing_parent
from below_related_items
anti join tidy.related_items as items
    on items.document_id = below_related_items.document_id
    and items.position = below_related_items.related_position
