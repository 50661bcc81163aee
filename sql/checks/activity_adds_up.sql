-- The counts of marts.activity add up to the changes and the writes of the history.
--
-- Severity: error
with activity as (
    select
        coalesce(sum(change_count), 0) as change_count,
        coalesce(sum(
            added_count + changed_count + removed_count + restored_count + refused_count + readable_count
            + renamed_count + moved_count + swapped_count + bulk_count
        ), 0) as kind_count,
        coalesce(sum(write_count), 0) as write_count
    from marts.activity
),

expected as (
    select
        (select count(*) from tidy.document_changes) as change_count,
        (select coalesce(sum(write_count), 0) from tidy.writes) as write_count
)

select
    activity.change_count as activity_count,
    activity.kind_count,
    expected.change_count,
    activity.write_count as activity_write_count,
    expected.write_count
from activity
cross join expected
where
    activity.change_count <> expected.change_count
    or activity.kind_count <> expected.change_count
    or activity.write_count <> expected.write_count
