-- The declared fields that a document fills in at least one of its images or related items.
--
-- As in field_values, tidy.fields declares which columns are fields.
--
-- Grain: a document and a declared field of its images or related items.
-- Key: document_id, source_field
-- Columns:
--   document_id: The document.
--   source_field: The key in the files, with those above it, such as images[].width.
--   parent_key?: The mapping within the item that the key is in; NULL for a key of the item itself.
--   value_kind: The kind of value as the key profile counts it, see tidy.fields.
with images as (
    -- An empty URL is not a value, here and below.
    select * replace (
        case
            when strlen(url) > length(url) or starts_with(url, ' ') or ends_with(url, ' ')
                then nullif(trim(url), '')
            else nullif(url, '')
        end as url
    )
    from tidy.document_images
),

image_counts as (
    select
        document_id,
        count(columns(* exclude (document_id)))
    from images
    group by document_id
),

related_items as (
    select * replace (canonical_url as web_url)
    from tidy.related_items
),

related_counts as (
    select
        document_id,
        count(columns(* exclude (document_id)))
    from related_items
    group by document_id
),

column_counts as (
    select
        document_id,
        'document_images' as table_name,
        column_name,
        value_count
    from image_counts
    unpivot (value_count for column_name in (columns(* exclude (document_id))))
    union all
    select
        document_id,
        'related_items' as table_name,
        column_name,
        value_count
    from related_counts
    unpivot (value_count for column_name in (columns(* exclude (document_id))))
)

select
    column_counts.document_id,
    fields.key as source_field,
    fields.parent_key,
    fields.value_kind
from column_counts
inner join staging.declared_fields as fields
    on fields.table_name = column_counts.table_name and fields.column_name = column_counts.column_name
where column_counts.value_count > 0 and fields.is_profiled
