-- The keys of declared mappings and lists, which are flattened into tables.
--
-- Grain: a declared mapping or list.
-- Key: key
-- Columns:
--   key: The key in the files with those above it, such as provider.authors or related[].images.
select key
from staging.declared_fields
where kind in ('mapping', 'list')
