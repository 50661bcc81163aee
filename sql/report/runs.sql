-- The last twenty runs before the one that made the snapshot.
--
-- Grain: a run.
-- Key: run_number
-- Columns:
--   run_number
--   started_at
--   as_of_date
--   outcome
--   file_count
--   document_count
--   document_count_change
--   reject_count
--   failed_check_count
--   total_seconds
select
    run_number,
    started_at,
    as_of_date,
    outcome,
    file_count,
    document_count,
    document_count_change,
    reject_count,
    failed_check_count,
    total_seconds
from marts.run_history
qualify row_number() over (order by run_number desc) <= 20
