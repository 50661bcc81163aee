-- The forty largest changes since the previous snapshot, warnings first.
--
-- Grain: a change.
-- Key: change_rank
-- Columns:
--   change_rank: Rank of the change: warnings first, then by the size of change_count, then by kind and
--     subject.
--   kind
--   is_warning
--   change_count
--   message
--   total_count: All changes.
--   warning_count: Of all changes, those that are warnings.
with changes as (
    select
        row_number() over (
            order by is_warning desc, abs(change_count) desc, kind, aspect, subject, document_type, value_kind
        ) as change_rank,
        kind,
        is_warning,
        change_count,
        message,
        count(*) over () as total_count,
        count(*) filter (where is_warning) over () as warning_count
    from marts.drift
)

select
    change_rank,
    kind,
    is_warning,
    change_count,
    message,
    total_count,
    warning_count
from changes
where change_rank <= 40
