-- Files by outcome.
--
-- Grain: the report; always one row.
-- Key: file_count
-- Columns:
--   file_count: Files seen.
--   document_count: Files that became documents.
--   reject_count: Files rejected.
--   skipped_count: Files without front matter.
--   field_issue_count: Values refused or repaired.
select
    count(*) as file_count,
    count(*) filter (where outcome = 'document') as document_count,
    count(*) filter (where outcome = 'reject') as reject_count,
    count(*) filter (where outcome = 'skipped') as skipped_count,
    (select count(*) from tidy.field_issues) as field_issue_count
from tidy.files
