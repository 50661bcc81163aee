-- The authors that each name stands for: one, or several for a name such as 'Jane Doe and John Roe'.
--
-- A name is split only if every part is also the whole name of an author of some document: 'Smith, John' and
-- 'Barnes and Noble' stay whole as long as nobody is called Smith or Barnes alone. It is split at commas,
-- semicolons, `&`, `/`, `|`, ` + ` and the words and, und, et, en, og and och (y and e may be initials); or,
-- if some part is then no author, at all of these but commas ('Smith, John and Doe, Jane'), or at commas and
-- semicolons alone. 'By ' is removed from the start of a name if the rest is an author or is split. A part
-- that is such a name itself is split in turn.
--
-- Names are compared and split by their slugs, in which a space is `-`, and a character that is no letter or
-- digit is `~` and the hex digits of each byte: `~2c` is a comma, `~3b` a semicolon.
--
-- Grain: a name of an author of at least one document, and an author whom it names.
-- Key: written_author_id, name_position
-- References: author_id in core.dim_authors
-- Columns:
--   written_author_id: Slug of the name as documents write it.
--   name_position: 0-based position of the author in the name.
--   author_id: The author: slug of that part of the name.
--   is_split: Whether the name is that of several authors.
with recursive marks as (
    select
        '(?:~2c|~e3~80~81|~ef~bc~8c|~d8~8c)' as comma,
        '(?:~3b|~ef~bc~9b)' as semicolon,
        '(?:~26|~2f|~7c)' as symbol,
        '-(?:and|und|et|en|og|och|~2b)-' as word
),

-- A word after a comma, as in 'A, B, and C', belongs to the separator.
ways as (
    select
        unnest([1, 2, 3]) as way,
        unnest([
            '-?(?:' || comma || '|' || semicolon || '|' || symbol || ')(?:' || word || '|-)?|' || word,
            '-?(?:' || semicolon || '|' || symbol || ')(?:' || word || '|-)?|(?:-?' || comma || ')?' || word,
            '-?(?:' || comma || '|' || semicolon || ')-?'
        ]) as separator
    from marks
),

names as materialized (
    select
        written_author_id,
        regexp_replace(written_author_id, '^by-', '') as name_id
    from staging.document_authors
    group by written_author_id
),

lists as (
    select
        names.written_author_id,
        ways.way,
        list_filter(string_split_regex(names.name_id, ways.separator), lambda part: part <> '') as part_ids
    from names
    cross join ways
    where regexp_matches(names.name_id, ways.separator)
    union all
    select
        written_author_id,
        4 as way,
        [name_id] as part_ids
    from names
    where name_id <> written_author_id
),

parts as (
    select
        written_author_id,
        way,
        unnest(part_ids) as author_id,
        generate_subscripts(part_ids, 1) as part_number
    from lists
),

whole_parts as (
    select
        parts.written_author_id,
        parts.way
    from parts
    left join names on names.written_author_id = parts.author_id
    group by parts.written_author_id, parts.way
    having count(*) = count(names.written_author_id)
),

chosen_ways as (
    select
        written_author_id,
        min(way) as way
    from whole_parts
    group by written_author_id
),

splits as materialized (
    select
        parts.written_author_id,
        parts.author_id,
        parts.part_number
    from parts
    inner join chosen_ways
        on chosen_ways.written_author_id = parts.written_author_id
        and chosen_ways.way = parts.way
),

split_further(written_author_id, author_id, places) as (
    select
        written_author_id,
        author_id,
        [part_number] as places
    from splits
    union all
    select
        split_further.written_author_id,
        splits.author_id,
        list_append(split_further.places, splits.part_number) as places
    from split_further
    inner join splits on splits.written_author_id = split_further.author_id
),

named as (
    select
        split_further.written_author_id,
        split_further.author_id,
        split_further.places
    from split_further
    anti join splits on splits.written_author_id = split_further.author_id
    union all
    select
        names.written_author_id,
        names.written_author_id as author_id,
        [1] as places
    from names
    anti join splits on splits.written_author_id = names.written_author_id
)

select
    written_author_id,
    row_number() over (partition by written_author_id order by places) - 1 as name_position,
    author_id,
    count(*) over (partition by written_author_id) > 1 as is_split
from named
