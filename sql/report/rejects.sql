-- The first fifty rejected files, by reason.
--
-- Grain: a rejected file.
-- Key: path
-- Columns:
--   path
--   line
--   reason
--   reason_count: Files rejected for the same reason.
--   message
select
    path,
    line,
    reason,
    count(*) over (partition by reason) as reason_count,
    message
from tidy.rejects
qualify row_number() over (order by reason, path) <= 50
