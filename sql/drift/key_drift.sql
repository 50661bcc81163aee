-- Changes of keys since the previous snapshot.
--
-- Grain: a change of a key.
-- Key: kind, key, document_type, value_kind
-- Columns:
--   kind: Kind of change: new_key, vanished_key, changed_type or fall_in_completeness.
--   key: The key as files write it, below its parents, such as provider.name or images[].url.
--   document_type: The document type whose completeness fell; `(all)` for other changes.
--   value_kind: The kind of value that is new under the key; `any` for other changes.
--   previous_value_kind?: The most frequent kind of value in the previous snapshot; NULL unless the change is
--     changed_type.
--   previous_count: Documents in the previous snapshot: with the key (new_key, vanished_key), with values of
--     that kind (changed_type) or with a value (fall_in_completeness).
--   document_count: Documents now, counted the same way.
--   previous_share?: Share (0..1) that previous_count is of values of all kinds (changed_type), or of
--     documents that could have the key (fall_in_completeness); NULL for other changes.
--   share?: The same share now; NULL for other changes.
--   is_warning: Whether the change reaches the settings drift_count and drift_share.
with totals as (
    select
        key,
        parent_key,
        cast(sum(previous_any_count) as bigint) as previous_count,
        cast(sum(any_count) as bigint) as document_count,
        coalesce(sum(any_count) filter (where is_known_type), 0) as known_type_count,
        coalesce(sum(changed_count) filter (where is_known_type and any_count > 0), 0) as changed_count,
        sum(missing_count) as missing_count
    from drift.key_expectations
    group by key, parent_key
),

kinds_before as (
    select
        key,
        value_kind,
        cast(sum(document_count) as bigint) as document_count
    from tidy.previous_key_profile
    where value_kind not in ('any', 'value', 'empty', 'null')
    group by key, value_kind
),

kinds_now as (
    select
        key,
        value_kind,
        cast(sum(document_count) as bigint) as document_count
    from drift.key_profile
    where value_kind not in ('any', 'value', 'empty', 'null')
    group by key, value_kind
),

kinds as (
    select
        coalesce(now.key, previous.key) as key,
        coalesce(now.value_kind, previous.value_kind) as value_kind,
        coalesce(previous.document_count, 0) as previous_count,
        coalesce(now.document_count, 0) as document_count
    from kinds_now as now
    full join kinds_before as previous on previous.key = now.key and previous.value_kind = now.value_kind
),

kind_totals as (
    select
        key,
        first(value_kind order by previous_count desc, value_kind) as previous_value_kind,
        sum(previous_count) as previous_count,
        sum(document_count) as document_count,
        sum(greatest(document_count - previous_count, 0)) as gained_count
    from kinds
    group by key
),

changes as (
    select
        'new_key' as kind,
        totals.key,
        '(all)' as document_type,
        'any' as value_kind,
        cast(null as varchar) as previous_value_kind,
        totals.previous_count,
        totals.document_count,
        cast(null as double) as previous_share,
        cast(null as double) as share,
        -- A key is not a separate change if its parent key is new too, or if its documents are of a new type.
        totals.known_type_count >= comparison.drift_count
        and totals.known_type_count >= comparison.drift_share * totals.changed_count
        and not ends_with(totals.key, '[]')
        and (parents.key is null or parents.previous_count > 0) as is_warning
    from totals
    cross join tidy.comparison as comparison
    left join totals as parents on parents.key = totals.parent_key and parents.key <> totals.key
    where totals.previous_count = 0 and totals.document_count > 0
    union all
    select
        'vanished_key' as kind,
        totals.key,
        '(all)' as document_type,
        'any' as value_kind,
        null as previous_value_kind,
        totals.previous_count,
        totals.document_count,
        null as previous_share,
        null as share,
        totals.missing_count >= comparison.drift_count and not ends_with(totals.key, '[]') as is_warning
    from totals
    cross join tidy.comparison as comparison
    where totals.previous_count > 0 and totals.document_count = 0
    union all
    select
        'changed_type' as kind,
        kinds.key,
        '(all)' as document_type,
        kinds.value_kind,
        kind_totals.previous_value_kind,
        kinds.previous_count,
        kinds.document_count,
        kinds.previous_count / kind_totals.previous_count as previous_share,
        kinds.document_count / kind_totals.document_count as share,
        kinds.document_count - kinds.previous_count >= comparison.drift_count
        and kinds.document_count - kinds.previous_count >= comparison.drift_share * kind_totals.gained_count
        as is_warning
    from kinds
    inner join kind_totals on kind_totals.key = kinds.key
    cross join tidy.comparison as comparison
    where kinds.document_count > kinds.previous_count
        and kind_totals.previous_count > 0
        -- A kind that more than 1 in 100 documents had before is not new.
        and kinds.previous_count * 100 <= kind_totals.previous_count
    union all
    select
        'fall_in_completeness' as kind,
        expected.key,
        expected.document_type,
        'any' as value_kind,
        null as previous_value_kind,
        expected.previous_count,
        expected.document_count,
        expected.previous_count / expected.previous_container_count as previous_share,
        expected.document_count / expected.container_count as share,
        expected.missing_count >= comparison.drift_count
        and expected.missing_count >= comparison.drift_share * expected.base_count as is_warning
    from drift.key_expectations as expected
    inner join totals on totals.key = expected.key
    cross join tidy.comparison as comparison
    where totals.document_count > 0
)

select
    changes.kind,
    changes.key,
    changes.document_type,
    changes.value_kind,
    changes.previous_value_kind,
    changes.previous_count,
    changes.document_count,
    changes.previous_share,
    changes.share,
    changes.is_warning
from changes
cross join tidy.comparison as comparison
where comparison.is_comparable
    and (
        changes.is_warning
        or changes.kind in ('new_key', 'vanished_key')
        or (changes.kind = 'changed_type' and changes.previous_count = 0)
    )
