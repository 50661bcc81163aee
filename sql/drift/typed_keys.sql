-- The keys that typed columns and lists are taken from, and how many documents fill them.
--
-- Refused, null and empty values do not count. Columns of text in documents are not here: drift.key_profile
-- tells their kind by how each value is written.
--
-- Grain: a type of document and a key.
-- Key: document_type, key
-- Columns:
--   document_type: Kind of document as written, or `(none)`.
--   key: The key as the files call it, with those above it, such as ratings.count or images[].width.
--   value_kind: The kind of value that the column holds: number, date, flag, url, text, list or mapping.
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
