-- A suppressed document must have no heat: its -1 is a mark, and would lower every mean.
--
-- Severity: error
select
    document_id,
    path,
    heat
from tidy.documents
where is_suppressed and heat is not null
