-- Writes that changed nothing that is stored, such as `secured` or line ends alone, by collection and month.
--
-- On censoring: the first step is left out, since it brings everything. The last month may not be over. Do
-- not trust it for builds: files that were written twice between two builds count once.
--
-- Grain: a collection and a month with a write.
-- Key: collection, period_start_date
-- Columns:
--   collection
--   period_start_date: First day of the month (UTC).
--   write_count: Files written.
--   meaningless_count: Of these, files whose writing changed nothing that is stored.
--   meaningful_count: Of these, the others.
--   meaningless_share: Share (0..1) of the writes that changed nothing.
select
    collection,
    cast(date_trunc('month', written_at) as date) as period_start_date,
    cast(sum(write_count) as bigint) as write_count,
    cast(sum(meaningless_count) as bigint) as meaningless_count,
    cast(sum(write_count) - sum(meaningless_count) as bigint) as meaningful_count,
    cast(sum(meaningless_count) / sum(write_count) as double) as meaningless_share
from history.collection_writes
where not is_bulk
group by collection, cast(date_trunc('month', written_at) as date)
having sum(write_count) > 0
