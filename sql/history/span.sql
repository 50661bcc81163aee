-- The length of the history: its first and last step, and the days between.
--
-- Grain: the history; no row without a past.
-- Key: last_step
-- Columns:
--   last_step: The last step.
--   first_at: The earliest time of a step (UTC).
--   last_at: The latest time of a step (UTC).
--   history_days: Days from first_at to last_at.
select
    max(step) as last_step,
    min(committed_at) as first_at,
    max(committed_at) as last_at,
    date_diff('second', min(committed_at), max(committed_at)) / 86400 as history_days
from tidy.steps
having count(*) > 0
