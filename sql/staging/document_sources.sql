-- The keys of each document that fill a field, with the preset `generic`; a part of its path may fill one,
-- too.
--
-- Grain: a key of a document that fills a field.
-- Key: document_id, position
-- Columns:
--   document_id
--   position
--   field
--   key
select
    document_id,
    position,
    field,
    key
from tidy.field_sources
