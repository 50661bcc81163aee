-- Earlier runs, numbered by their start. A build never contains its own run.
--
-- Grain: an earlier run.
-- Key: run_id
-- Columns:
--   run_id
--   run_number: Number of the run, from 1, by started_at and then by run_id.
--   snapshot_id
--   started_at
--   as_of_date
--   outcome
--   is_published: Whether the outcome is published.
--   frontmart_version
--   file_count
--   document_count
--   reject_count
--   skipped_count
--   failed_check_count
--   total_seconds
--   list_seconds
--   extract_seconds
--   load_seconds
--   model_seconds
--   check_seconds
--   publish_seconds
select
    run_id,
    row_number() over (order by started_at, run_id) as run_number,
    snapshot_id,
    started_at,
    as_of_date,
    outcome,
    coalesce(outcome = 'published', false) as is_published,
    frontmart_version,
    file_count,
    document_count,
    reject_count,
    skipped_count,
    failed_check_count,
    total_seconds,
    list_seconds,
    extract_seconds,
    load_seconds,
    model_seconds,
    check_seconds,
    publish_seconds
from tidy.runs
