-- Files as they were seen, and what became of each.
--
-- Grain: a file seen.
-- Key: document_id
-- Columns:
--   document_id: 16 hex digits, a 64-bit hash of the path.
--   outcome: What became of it: document, reject or skipped (no front matter).
select
    document_id,
    outcome
from tidy.files
