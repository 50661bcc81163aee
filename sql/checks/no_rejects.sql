-- Files that were refused: they are in no table but rejects, which says why and what to do.
--
-- Severity: warn
select
    path,
    reason,
    line,
    message
from tidy.rejects
