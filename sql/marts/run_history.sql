-- Earlier runs: outcome, files, duration of each step, and change since the run before.
--
-- A build never contains its own run, so that the same input gives the same bytes.
--
-- Grain: an earlier run.
-- Key: run_id
-- Order: started_at desc
-- Columns:
--   run_id
--   run_number
--   snapshot_id
--   started_at
--   as_of_date
--   outcome
--   is_published
--   frontmart_version
--   file_count
--   document_count
--   reject_count
--   skipped_count
--   failed_check_count
--   reject_share?: Share (0..1) of the files seen that were rejected; NULL if none was seen or the counts are
--     unknown.
--   document_count_change?: Change of document_count from the published run before; NULL if there is none or
--     one of the counts is unknown.
--   hours_since_previous_run?: Hours from the start of the run before to the start of this one; NULL for the
--     first run.
--   total_seconds
--   list_seconds
--   extract_seconds
--   load_seconds
--   model_seconds
--   check_seconds
--   publish_seconds
--   files_per_second?: Files seen per second of the whole run; NULL if either is unknown or the time is 0.
with compared as (
    select
        run_id,
        lag(started_at) over (order by run_number) as previous_started_at,
        last_value(if(is_published, document_count, null) ignore nulls) over (
            order by run_number
            rows between unbounded preceding and 1 preceding
        ) as published_document_count
    from staging.runs
)

select
    runs.run_id,
    runs.run_number,
    runs.snapshot_id,
    runs.started_at,
    runs.as_of_date,
    runs.outcome,
    runs.is_published,
    runs.frontmart_version,
    runs.file_count,
    runs.document_count,
    runs.reject_count,
    runs.skipped_count,
    runs.failed_check_count,
    runs.reject_count / nullif(runs.file_count, 0) as reject_share,
    runs.document_count - compared.published_document_count as document_count_change,
    date_diff('second', compared.previous_started_at, runs.started_at) / 3600 as hours_since_previous_run,
    runs.total_seconds,
    runs.list_seconds,
    runs.extract_seconds,
    runs.load_seconds,
    runs.model_seconds,
    runs.check_seconds,
    runs.publish_seconds,
    runs.file_count / nullif(runs.total_seconds, 0) as files_per_second
from staging.runs as runs
inner join compared on compared.run_id = runs.run_id
