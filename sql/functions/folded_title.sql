-- A title folded for comparison: its words in lower case, separated by one space, without accents,
-- punctuation and symbols; empty if it has neither letters nor digits.
--
-- Parameters:
--   title: The title.
trim(regexp_replace(lower(strip_accents(title)), '[^\p{L}\p{N}]+', ' ', 'g'))
