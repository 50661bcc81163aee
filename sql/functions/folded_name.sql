-- A name folded for comparison: its words in lower case, separated by one space, without accents, punctuation
-- and legal forms at the end (Inc., Ltd, LLC, GmbH and others); the name in lower case if nothing would be
-- left.
--
-- Parameters:
--   name: The name.
coalesce(
    nullif(
        regexp_replace(
            trim(regexp_replace(lower(strip_accents(name)), '[^\p{L}\p{N}]+', ' ', 'g')),
            '( (inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|gmbh|ag|sa|s a|srl'
            || '|spa|bv|nv|oy|ab|pty|pte|kk))+$',
            ''
        ),
        ''
    ),
    lower(trim(name))
)
