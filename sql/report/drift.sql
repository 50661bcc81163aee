-- The forty changes since the snapshot published before that matter most: warnings first, then the largest.
--
-- Grain: a change.
-- Key: change_rank
-- Columns:
--   change_rank: 1 for the first warning; then by how many documents more or fewer, then by the change.
--   kind: What changed; see marts.drift.
--   is_warning: Whether the change is beyond what the settings let pass.
--   change_count: How many documents more there are; negative where there are fewer.
--   message
--   total_count: Changes in all.
--   warning_count: Of these, warnings.
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
