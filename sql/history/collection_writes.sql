-- Writes of files by step and collection, with the time of the step.
--
-- Grain: a step and a collection of which files were written.
-- Key: step, collection
-- Columns:
--   step
--   collection: First folder of the path, without its underscore; `(top)` for the top of the source.
--   written_at: When the step was committed or built (UTC).
--   write_count
--   meaningless_count
--   is_bulk: Whether it is the first step.
select
    writes.step,
    coalesce(nullif(writes.collection, ''), '(top)') as collection,
    steps.committed_at as written_at,
    writes.write_count,
    writes.meaningless_count,
    writes.step = 0 as is_bulk
from tidy.writes as writes
inner join tidy.steps as steps on steps.step = writes.step
