-- The last twenty-five documents that were taken down.
--
-- Grain: a document, a step at which it was taken down, and how.
-- Key: document_id, step, kind
-- Columns:
--   document_id
--   step
--   kind
--   taken_down_at
--   path
--   title
--   hours_up
--   is_restored
--   total_count: All of them.
select
    document_id,
    step,
    kind,
    taken_down_at,
    path,
    title,
    hours_up,
    is_restored,
    count(*) over () as total_count
from marts.take_downs
qualify row_number() over (order by taken_down_at desc, path, kind) <= 25
