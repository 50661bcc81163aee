-- Changes by day in the last 53 weeks that the history has; what its first step brought is none.
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
where
    added_count + changed_count + removed_count > 0
    and activity_date > (select max(days.activity_date) - interval 371 day from days)
