-- The values in `documents.extra`, under their keys: every mapping, list and single value.
--
-- Mappings within lists have no row of their own, but their keys have: where a table takes the items of a
-- list, extra keeps an empty mapping in place of each item that the table takes whole. The query descends one
-- level at a time, because json_tree copies all of `extra` for every value in it: a file of 10,000 keys would
-- need gigabytes.
--
-- Grain: a value in the `extra` of a document, down to four mappings deep.
-- Key: document_id, place
-- Columns:
--   document_id: The document.
--   place: Path of the value, such as .twitter.followers or .tags[1]; positions in lists are 1-based.
--   type?: Kind of document as written; NULL if the file has none.
--   key: The key below its parents, such as twitter.followers, cut to 200 characters; `[]` marks the items of
--     a list.
--   structure?: Structure of the value: mapping, list, empty (a mapping or list without items) or null; NULL
--     for a single value.
--   value?: The single value as text; NULL for other structures.
with recursive nested as (
    select
        document_id,
        type,
        {'place': '', 'path': '', 'value': cast(extra as json), 'depth': 0} as node
    from tidy.documents
    where extra is not null
    union all
    select
        document_id,
        type,
        unnest(
            case json_type(node.value)
                when 'OBJECT' then list_transform(
                    map_entries(from_json(node.value, '"MAP(VARCHAR, JSON)"')),
                    lambda entry: {
                        'place': node.place || '.' || entry.key,
                        'path': node.path || '.' || entry.key,
                        'value': entry.value,
                        'depth': node.depth + 1
                    }
                )
                when 'ARRAY' then list_transform(
                    from_json(node.value, '["JSON"]'),
                    lambda item, number: {
                        'place': node.place || '[' || number || ']',
                        'path': node.path || '[]',
                        'value': item,
                        'depth': node.depth
                    }
                )
            end
        ) as node
    from nested
    where node.depth < 4
),

typed as (
    select
        document_id,
        node.place,
        type,
        left(substr(node.path, 2), 200) as key,
        json_type(node.value) as json_type,
        node.value
    from nested
    where node.path <> ''
)

select
    document_id,
    place,
    type,
    key,
    case
        when json_type is null then 'null'
        when json_type in ('OBJECT', 'ARRAY') and cast(value as varchar) in ('{}', '[]') then 'empty'
        when json_type = 'OBJECT' then 'mapping'
        when json_type = 'ARRAY' then 'list'
    end as structure,
    case when json_type not in ('OBJECT', 'ARRAY') then value ->> '$' end as value
from typed
where not (json_type in ('OBJECT', 'ARRAY') and ends_with(key, '[]'))
