-- Changes and writes of each day and collection.
--
-- On censoring: what the first commit brings in bulk is in bulk_count alone, since it may be older; what a
-- first build had is not counted. Do not trust days by the clock of a committer that is wrong: steps keep
-- their order, and days do not.
--
-- Grain: a day (UTC) and a collection with a change or a write.
-- Key: activity_date, collection
-- Order: activity_date desc
-- Columns:
--   activity_date: The day of the steps, by committed_at (UTC).
--   collection: First folder of the path, without its underscore; `(top)` for the top of the source.
--   added_count: Documents that were new.
--   changed_count: Documents of which something stored changed.
--   removed_count: Files that went, or lost their front matter, and were not renamed.
--   restored_count: Documents that were there again, at a path that had one before.
--   refused_count: Files that were refused since, or with another reason.
--   readable_count: Documents that were refused before.
--   renamed_count: Documents that came from another path.
--   moved_count: Files that went to another path, where they count as renamed.
--   swapped_count: Paths that had another article since.
--   bulk_count: Documents and rejects of the first commit; 0 for other steps.
--   change_count: The sum of all these counts: rows of tidy.document_changes.
--   write_count: Files written, those of the first commit included.
--   meaningless_write_count: Of these, files whose writing changed nothing that is stored.
with counted as (
    select
        cast(changed_at as date) as activity_date,
        collection,
        if(is_bulk, 'bulk', if(is_moved, 'moved', change)) as change,
        1 as change_count,
        0 as write_count,
        0 as meaningless_count
    from history.changes
    union all
    select
        cast(written_at as date) as activity_date,
        collection,
        null as change,
        0 as change_count,
        write_count,
        meaningless_count
    from history.collection_writes
)

select
    activity_date,
    collection,
    count(*) filter (where change = 'added') as added_count,
    count(*) filter (where change = 'changed') as changed_count,
    count(*) filter (where change = 'removed') as removed_count,
    count(*) filter (where change = 'restored') as restored_count,
    count(*) filter (where change = 'refused') as refused_count,
    count(*) filter (where change = 'readable') as readable_count,
    count(*) filter (where change = 'renamed') as renamed_count,
    count(*) filter (where change = 'moved') as moved_count,
    count(*) filter (where change = 'swapped') as swapped_count,
    count(*) filter (where change = 'bulk') as bulk_count,
    count(change) as change_count,
    cast(sum(write_count) as bigint) as write_count,
    cast(sum(meaningless_count) as bigint) as meaningless_write_count
from counted
group by activity_date, collection
