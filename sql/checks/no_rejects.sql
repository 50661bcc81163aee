-- No file should be rejected. A rejected file is in tidy.rejects only, with the reason and the remedy.
--
-- Severity: warn
select
    path,
    reason,
    line,
    message
from tidy.rejects
