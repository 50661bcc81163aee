-- What no column takes, taken apart: every mapping, list and single value in it, under its key.
--
-- Mappings within lists have no row of their own, but their keys have: what is left of a list that a table
-- takes has an empty mapping in the place of each item that is there whole.
--
-- Grain: a value in the `extra` of a document, down to four mappings deep.
-- Key: document_id, position
-- Columns:
--   document_id: The document.
--   position: Place of the value in `extra`, as DuckDB counts; in the order of the text, with gaps.
--   type: Kind of document as written; NULL where the file has none.
--   key: The key with those above it, such as twitter.followers, of which the first 200 characters; `[]`
--     stands for the place in a list.
--   structure: What the value is if not a single one: mapping, list, empty (either without an item) or null;
--     NULL for a single value.
--   value: The single value as text; NULL where the value is none.
select
    documents.document_id,
    cast(nodes.id as bigint) as position,
    documents.type,
    left(
        regexp_replace(replace(substr(nodes.fullkey, 3), '"', ''), '\[[0-9]+\]', '[]', 'g'),
        200
    ) as key,
    case
        when nodes.type = 'NULL' then 'null'
        when cast(nodes.value as varchar) in ('{}', '[]') then 'empty'
        when nodes.type = 'OBJECT' then 'mapping'
        when nodes.type = 'ARRAY' then 'list'
    end as structure,
    nodes.atom ->> '$' as value
from tidy.documents as documents
cross join json_tree(documents.extra) as nodes
where documents.extra is not null
    and nodes.fullkey <> '$'
    and len(nodes.fullkey) - len(replace(nodes.fullkey, '.', '')) <= 4
    and not (nodes.type in ('OBJECT', 'ARRAY') and ends_with(nodes.fullkey, ']'))
