-- Documents with each key in the previous snapshot and now, and the documents that were expected to have it
-- but do not.
--
-- Expected is the share of documents that had the key, among those that could have it, applied to the
-- documents that could have it now. A key below another one could be in the documents with a mapping or a
-- list under its parent key: if `images` disappears, no `images[].url` is expected, and one cause gives one
-- warning.
--
-- Grain: a document type and a key, now or in the previous snapshot.
-- Key: document_type, key
-- Columns:
--   document_type: Kind of document as written; `(none)` for documents without a type.
--   key: The key as files write it, below its parents, such as provider.name or images[].url.
--   parent_key: The key above this one; the key itself at the top level.
--   is_known_type: Whether the previous snapshot has documents of the type.
--   previous_any_count: Documents with the key in the previous snapshot, whatever its value.
--   any_count: Documents with the key now, whatever its value.
--   previous_count: Documents with a value under the key in the previous snapshot.
--   document_count: Documents with a value under the key now.
--   previous_container_count?: Documents that could have the key in the previous snapshot: all of the type at
--     the top level, otherwise those with a mapping or a list under parent_key; NULL for none.
--   container_count: Documents that could have the key now, counted the same way; 0 for none.
--   changed_count: Documents of the type that are new or changed since the previous snapshot.
--   base_count: Documents expected to have the key, which a fall is a share of: among new and changed
--     documents if at least 9 in 10 had the key before, otherwise among all.
--   missing_count: Documents expected to have a value under the key, minus document_count; from 0 to
--     changed_count.
with counts as (
    select
        coalesce(now.document_type, previous.document_type) as document_type,
        coalesce(now.key, previous.key) as key,
        coalesce(now.value_kind, previous.value_kind) as value_kind,
        coalesce(previous.document_count, 0) as previous_count,
        coalesce(now.document_count, 0) as document_count
    from drift.key_profile as now
    full join tidy.previous_key_profile as previous
        on previous.document_type = now.document_type
        and previous.key = now.key
        and previous.value_kind = now.value_kind
),

types_now as (
    select
        subject as document_type,
        document_count
    from drift.volume_profile
    where aspect = 'document_type'
),

types_before as (
    select
        subject as document_type,
        document_count
    from tidy.previous_volume_profile
    where aspect = 'document_type'
),

types as (
    select
        coalesce(now.document_type, previous.document_type) as document_type,
        coalesce(previous.document_count, 0) as previous_count,
        coalesce(now.document_count, 0) as document_count,
        coalesce(changed.document_count, 0) as changed_count
    from types_now as now
    full join types_before as previous on previous.document_type = now.document_type
    left join tidy.changed_documents as changed on changed.document_type = now.document_type
),

keys as (
    select
        document_type,
        key,
        regexp_replace(regexp_replace(key, '(\[\]|\.[^.]*)$', ''), '(\[\])+$', '') as parent_key,
        sum(previous_count) filter (where value_kind = 'any') as previous_any_count,
        sum(document_count) filter (where value_kind = 'any') as any_count,
        coalesce(sum(previous_count) filter (where value_kind = 'value'), 0) as previous_count,
        coalesce(sum(document_count) filter (where value_kind = 'value'), 0) as document_count,
        sum(previous_count) filter (where value_kind in ('mapping', 'list')) as previous_container_count,
        sum(document_count) filter (where value_kind in ('mapping', 'list')) as container_count
    from counts
    group by document_type, key
),

sized as (
    select
        keys.document_type,
        keys.key,
        keys.parent_key,
        types.previous_count > 0 as is_known_type,
        cast(keys.previous_any_count as bigint) as previous_any_count,
        cast(keys.any_count as bigint) as any_count,
        cast(keys.previous_count as bigint) as previous_count,
        cast(keys.document_count as bigint) as document_count,
        cast(
            nullif(if(parents.key is null, types.previous_count, parents.previous_container_count), 0)
            as bigint
        ) as previous_container_count,
        cast(
            coalesce(if(parents.key is null, types.document_count, parents.container_count), 0) as bigint
        ) as container_count,
        nullif(types.document_count, 0) as type_document_count,
        types.changed_count
    from keys
    inner join types on types.document_type = keys.document_type
    left join keys as parents
        on parents.document_type = keys.document_type
        and parents.key = keys.parent_key
        and parents.key <> keys.key
),

expected as (
    select
        document_type,
        key,
        parent_key,
        is_known_type,
        previous_any_count,
        any_count,
        previous_count,
        document_count,
        previous_container_count,
        container_count,
        changed_count,
        coalesce(
            least(previous_count, previous_container_count) * container_count // previous_container_count, 0
        ) as expected_count,
        coalesce(
            least(previous_count, previous_container_count)
            * (changed_count * container_count // type_document_count)
            // previous_container_count,
            0
        ) as expected_changed_count
    from sized
)

select
    document_type,
    key,
    parent_key,
    is_known_type,
    previous_any_count,
    any_count,
    previous_count,
    document_count,
    previous_container_count,
    container_count,
    changed_count,
    if(
        previous_count * 10 >= previous_container_count * 9, expected_changed_count, expected_count
    ) as base_count,
    greatest(least(expected_count - document_count, changed_count), 0) as missing_count
from expected
