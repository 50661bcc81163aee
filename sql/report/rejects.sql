-- The first fifty files refused, reason by reason.
--
-- Grain: a file refused.
-- Key: path
-- Columns:
--   path
--   line?: Line of the file, 1-based; NULL where none is to blame.
--   reason: Why it was refused.
--   reason_count: Files refused for that reason.
--   message: What was wrong and what to do.
select
    path,
    line,
    reason,
    count(*) over (partition by reason) as reason_count,
    message
from tidy.rejects
qualify row_number() over (order by reason, path) <= 50
