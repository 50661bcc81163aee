-- Earlier runs, numbered in the order in which they started; the run that makes this build is never among
-- them.
--
-- Grain: an earlier run.
-- Key: run_id
-- Columns:
--   run_id
--   run_number: 1-based place of the run in the order of starting; runs of one instant go by run_id.
--   snapshot_id?: The snapshot that the run published; NULL where it published none.
--   started_at: When the run started (UTC).
--   as_of_date?: The UTC day that the run described; NULL where unknown.
--   outcome: What became of the run: published, checks_failed or failed.
--   is_published: Whether the run published a snapshot.
--   frontmart_version?: The version of Frontmart that ran; NULL where unknown.
--   file_count?: Files seen; NULL where the run ended before it knew.
--   document_count?: Files that became documents; NULL likewise.
--   reject_count?: Files refused; NULL likewise.
--   skipped_count?: Files without front matter; NULL likewise.
--   failed_check_count?: Checks that found rows, warnings included; NULL likewise.
--   total_seconds?: How long the whole run took, in seconds; NULL where unknown.
--   list_seconds?: How long listing the source took, in seconds; NULL likewise.
--   extract_seconds?: How long reading the files took, in seconds; NULL likewise.
--   load_seconds?: How long loading the tidy tables took, in seconds; NULL likewise.
--   model_seconds?: How long running the models took, in seconds; NULL likewise.
--   check_seconds?: How long running the checks took, in seconds; NULL likewise.
--   publish_seconds?: How long writing Parquet and publishing took, in seconds; NULL likewise.
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
