-- How many documents came or changed since the snapshot published before.
--
-- Grain: a type of document of which some are new or mean something else.
-- Key: document_type
-- Columns:
--   document_type: Kind of document as written, or `(none)`.
--   document_count: Documents of the type that are new or changed.
select
    document_type,
    document_count
from tidy.changed_documents
