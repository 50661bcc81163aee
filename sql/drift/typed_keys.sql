-- The keys of typed columns and lists, and the number of documents with a value under each.
--
-- Refused, null and empty values do not count. Text columns of documents are left out: drift.key_profile
-- derives the kind of their values from how each is written.
--
-- Grain: a type of document and a key.
-- Key: document_type, key
-- Columns:
--   document_type: Kind of document as written, or `(none)`.
--   key: The key in the files with those above it, such as ratings.count or images[].width.
--   value_kind: The kind of value in the column: number, date, flag, url, text, list or mapping.
--   document_count: Documents of the type that have at least one such value.
with document_types as (
    select
        document_id,
        coalesce(type, '(none)') as document_type
    from staging.documents
),

items as (
    select
        document_types.document_type,
        items.document_id,
        items.source_field,
        items.parent_key,
        items.value_kind
    from staging.item_fields as items
    inner join document_types on document_types.document_id = items.document_id
)

select
    document_type,
    source_field as key,
    value_kind,
    count(*) as document_count
from staging.field_values
where kind not in ('text', 'prose', 'url')
group by document_type, source_field, value_kind
union all
select
    document_type,
    parent_key as key,
    'mapping' as value_kind,
    count(distinct document_id) as document_count
from staging.field_values
where parent_key is not null
group by document_type, parent_key
union all
select
    document_type,
    source_field as key,
    value_kind,
    count(*) as document_count
from items
group by document_type, source_field, value_kind
union all
select
    document_type,
    parent_key as key,
    'mapping' as value_kind,
    count(distinct document_id) as document_count
from items
where parent_key is not null
group by document_type, parent_key
union all
select
    document_types.document_type,
    lists.key,
    'list' as value_kind,
    count(*) as document_count
from staging.document_lists as lists
inner join document_types on document_types.document_id = lists.document_id
group by document_types.document_type, lists.key
