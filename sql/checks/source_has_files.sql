-- The source must have a file that may have front matter. If not, check the folder, and the
-- extensions of its files.
--
-- Severity: warn
select count(*) as file_count
from tidy.files
having file_count = 0
