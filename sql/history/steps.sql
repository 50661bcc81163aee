-- The steps of the history: commits, or builds that were published, in their order.
--
-- Grain: a step.
-- Key: step
-- Columns:
--   step
--   step_kind
--   commit_id
--   snapshot_id
--   committed_at
--   authored_at
select
    step,
    step_kind,
    commit_id,
    snapshot_id,
    committed_at,
    authored_at
from tidy.steps
