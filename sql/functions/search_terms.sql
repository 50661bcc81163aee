-- The terms of a text for the search index, in order and as often as they occur: words; of scripts without
-- spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer and Myanmar), characters and pairs of neighbours.
--
-- Parameters:
--   folded: The text as title_key gives it: words in lower case without accents, separated by spaces.
--   is_indexed: Whether the terms are indexed. Of what is asked, a single character counts only where it has
--     no neighbours: pairs say more.
case
    when folded is null or folded = '' then []
    when not regexp_matches(
        folded, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]'
    )
        then string_split(folded, ' ')
    else flatten(list_transform(
        regexp_extract_all(
            folded,
            '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+'
            || '|[^ \p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]+'
        ),
        lambda run: case
            when not regexp_matches(
                run, '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]'
            )
                then [run]
            else if(is_indexed or length(run) = 1, regexp_extract_all(run, '.'), [])
                || list_transform(
                    range(1, length(run)),
                    lambda place: substr(run, place, 2)
                )
        end
    ))
end
