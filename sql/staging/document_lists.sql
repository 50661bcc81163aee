-- Lists of a document with at least one item, under the keys that files write.
--
-- Grain: a document and a list that is not empty.
-- Key: document_id, key
-- Columns:
--   document_id: The document.
--   key: The key of the list in the files, such as provider.authors; `[]` marks a position in a list.
with filled_tables as (
    select distinct
        document_id,
        'document_topics' as table_name,
        false as is_in_list
    from tidy.document_topics
    union all
    select distinct
        document_id,
        'document_images' as table_name,
        false as is_in_list
    from tidy.document_images
    union all
    select distinct
        document_id,
        'related_items' as table_name,
        false as is_in_list
    from tidy.related_items
    union all
    select distinct
        document_id,
        'related_images' as table_name,
        true as is_in_list
    from tidy.related_images
    union all
    select distinct
        document_id,
        'provider_images' as table_name,
        related_position >= 0 as is_in_list
    from tidy.provider_images
    union all
    select distinct
        document_id,
        'document_authors' as table_name,
        false as is_in_list
    from tidy.document_authors
    union all
    select distinct
        document_id,
        'document_actions' as table_name,
        false as is_in_list
    from tidy.document_actions
    union all
    select distinct
        document_id,
        'document_levels' as table_name,
        false as is_in_list
    from tidy.document_levels
    union all
    select distinct
        document_id,
        'document_items' as table_name,
        false as is_in_list
    from tidy.document_items
)

select
    filled_tables.document_id,
    fields.key
from filled_tables
inner join staging.declared_fields as fields
    on fields.table_name = filled_tables.table_name
    and fields.is_in_list = filled_tables.is_in_list
    and fields.kind = 'list'
