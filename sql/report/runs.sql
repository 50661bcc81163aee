-- The last twenty runs before the one that made the snapshot.
--
-- Grain: a run.
-- Key: run_number
-- Columns:
--   run_number
--   started_at: When it started (UTC).
--   as_of_date: The UTC day that it described.
--   outcome: What became of it: published, checks_failed or failed.
--   file_count?: Files seen; NULL where it ended before it knew, as in the counts below.
--   document_count: Files that became documents.
--   document_count_change
--   reject_count: Files refused.
--   failed_check_count: Checks that found rows, warnings included.
--   total_seconds?: How long it took, in seconds; NULL where unknown.
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
