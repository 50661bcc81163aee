-- The source has at least one file that may have front matter. If it has none, check the folder, and that its files
-- have one of the extensions that are read.
--
-- Severity: warn
select count(*) as file_count
from tidy.files
having file_count = 0
