-- What changed about the keys that the files write, since the snapshot published before.
--
-- Grain: a change of a key.
-- Key: kind, key, document_type, value_kind
-- Columns:
--   kind: What changed: new_key, vanished_key, changed_type or fall_in_completeness.
--   key: The key as the files call it, with those above it, such as provider.name or images[].url.
--   document_type: The type of documents whose completeness fell; `(all)` for the other changes.
--   value_kind: The kind of value that is new under the key; `any` for the other changes.
--   previous_value_kind?: The kind that most values were of before; NULL for all but changed_type.
--   previous_count: Documents before with the key, with a value under it, or with that kind of value.
--   document_count: The same now.
--   previous_share?: Before, previous_count as a share (0..1) of documents that could have the key, or of
--     values of all kinds; NULL for new_key and vanished_key.
--   share?: The same now; NULL likewise.
--   is_warning: Whether the change is beyond drift_count and drift_share.
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
        -- Below a key that is new as well, and in documents of a new type, it is no news of its own.
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
        -- A kind that the key had in more than 1 of 100 documents is nothing new for it.
        and kinds.previous_count * 100 <= kind_totals.previous_count
    union all
    select
        'fall_in_completeness' as kind,
        gaps.key,
        gaps.document_type,
        'any' as value_kind,
        null as previous_value_kind,
        gaps.previous_count,
        gaps.document_count,
        gaps.previous_count / gaps.previous_container_count as previous_share,
        gaps.document_count / gaps.container_count as share,
        gaps.missing_count >= comparison.drift_count
        and gaps.missing_count >= comparison.drift_share * gaps.base_count as is_warning
    from drift.key_expectations as gaps
    inner join totals on totals.key = gaps.key
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
