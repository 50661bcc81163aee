-- A title folded for comparison: its words, separated by one space, without case, accents, width and
-- punctuation; a title of symbols alone is its own key, trimmed.
--
-- Words are runs of letters, marks and digits, and of `+` and `#` behind the first of these (C++, C#).
-- Accents are left out of Latin, Greek and Cyrillic letters; marks of other scripts are letters of their own,
-- such as vowels. Letters are in lower case; sharp s is ss, a final sigma a sigma, a dotless i an i;
-- full-width letters, digits and signs are those of ASCII.
--
-- Parameters:
--   title: The title. Give it a column rather than a long expression: it is repeated in the SQL.
coalesce(
    nullif(
        rtrim(regexp_replace(
            regexp_replace(
                regexp_replace(
                    case
                        when strlen(title) = length(title) then lower(title)
                        -- Latin, Greek and Cyrillic alone: a short way, as the next one is slow.
                        when not regexp_matches(title, '[^\x{0000}-\x{052F}\x{1E00}-\x{2BFF}]')
                            then replace(
                                translate(strip_accents(lower(nfc_normalize(title))), 'ςı', 'σi'), 'ß', 'ss'
                            )
                        -- No letter of these scripts but ASCII, and nothing that becomes one: it folds alike.
                        when not regexp_matches(
                            title,
                            '[\x{0300}-\x{036F}\x{2ADC}\p{Greek}\p{Cyrillic}＃＋０-９]|[^\P{Latin}A-Za-z]'
                        )
                            then lower(nfc_normalize(title))
                        else array_to_string(
                            list_transform(
                                regexp_extract_all(
                                    lower(nfc_normalize(translate(
                                        title,
                                        '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ'
                                        || '［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
                                        '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ'
                                        || '[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'
                                    ))),
                                    '[\p{Latin}\p{Greek}\p{Cyrillic}]+|[^\p{Latin}\p{Greek}\p{Cyrillic}]+'
                                ),
                                lambda run: case
                                    when regexp_matches(run, '^[\p{Latin}\p{Greek}\p{Cyrillic}]')
                                        then replace(translate(strip_accents(run), 'ςı', 'σi'), 'ß', 'ss')
                                    else regexp_replace(run, '[\x{0300}-\x{036F}]+', '', 'g')
                                end
                            ),
                            ''
                        )
                    end,
                    '[^\p{L}\p{M}\p{N}+# ]+',
                    ' ',
                    'g'
                ),
                -- Signs before a word, and spaces beside others.
                ' [+# ]+',
                ' ',
                'g'
            ),
            '^[+# ]+',
            ''
        )),
        ''
    ),
    trim(title)
)
