-- Changes by day in the 53 weeks up to the last step of the history; what its first step brought is none.
--
-- Grain: a day (UTC) with a change.
-- Key: activity_date
-- Columns:
--   activity_date
--   added_count: Documents that were new, or there again.
--   changed_count: Documents that changed, were renamed, refused or swapped.
--   removed_count: Documents that went.
--   change_count: All of these.
with days as (
    select
        activity_date,
        cast(sum(added_count + restored_count + readable_count) as bigint) as added_count,
        cast(sum(changed_count + renamed_count + refused_count + swapped_count) as bigint) as changed_count,
        cast(sum(removed_count) as bigint) as removed_count
    from marts.activity
    group by activity_date
)

select
    activity_date,
    added_count,
    changed_count,
    removed_count,
    added_count + changed_count + removed_count as change_count
from days
cross join report.history_span as span
where
    added_count + changed_count + removed_count > 0
    -- Not the latest day: one commit of a clock that is years ahead would leave nothing else.
    and activity_date between span.last_at - interval 371 day and span.last_at
