-- Documents by their place in the site; none with the preset `smartable`, which has no such places.
--
-- Grain: a kind of document.
-- Key: document_kind
-- Columns:
--   document_kind
--   document_count: Documents of the kind.
select
    document_kind,
    count(*) as document_count
from staging.documents
where document_kind is not null
group by document_kind
