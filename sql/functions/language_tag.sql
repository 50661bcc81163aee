-- A language code in the spelling of BCP 47: pt_br is pt-BR, and zh-hans is zh-Hans.
--
-- Parameters:
--   code: The code, its parts separated by `-` or `_`.
array_to_string(
    list_transform(
        string_split(replace(code, '_', '-'), '-'),
        lambda part, number: case
            when number = 1 then lower(part)
            when len(part) = 2 then upper(part)
            when len(part) = 4 then upper(left(part, 1)) || lower(substr(part, 2))
            else part
        end
    ),
    '-'
)
