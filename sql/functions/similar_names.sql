-- Those of some names that may be meant, such as `'C' or 'C#'`, the most similar first: at most three that
-- are like what was asked for, or have a word like it. NULL if there are none.
--
-- Parameters:
--   names: The names; one that is there more than once counts once.
--   wanted: What was asked for.
(
    select string_agg('''' || name || '''', ' or ' order by similarity desc, name)
    from (
        select
            name,
            max(name_similarity(word, wanted)) as similarity
        from (
            select
                name,
                unnest(string_split(name, ' ') || [name]) as word
            from (select unnest(names) as name) as each_name
        ) as words
        group by name
        order by similarity desc, name
        limit 3
    ) as nearest
    where similarity > 0.8
)
