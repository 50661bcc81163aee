-- Those of some titles that have at least half of the words of what was asked for, such as
-- `'Bridge opens' or 'New bridge'`, those with most of them first: at most three. NULL if there are none.
-- Case and accents are ignored, and so are words of one or two characters.
--
-- Parameters:
--   titles: The titles; a title that is there more than once counts once.
--   wanted: What was asked for.
(
    select string_agg('''' || title || '''', ' or ' order by word_count desc, title)
    from (
        select
            titles_found.title,
            count(*) as word_count
        from (select distinct unnest(titles) as title) as titles_found
        inner join (
            select unnest(string_split_regex(strip_accents(lower(trim(wanted))), '\s+')) as word
        ) as words on contains(strip_accents(lower(titles_found.title)), words.word)
        where length(words.word) > 2
        group by titles_found.title
        having word_count >= len(string_split_regex(strip_accents(lower(trim(wanted))), '\s+')) / 2
        order by word_count desc, titles_found.title
        limit 3
    ) as nearest
)
