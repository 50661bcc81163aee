-- How much a name is like what was asked for (0..1), case and accents ignored: at least 0.9 if it
-- contains it.
--
-- Parameters:
--   name: The name.
--   wanted: What was asked for.
greatest(
    jaro_winkler_similarity(strip_accents(lower(name)), strip_accents(lower(trim(wanted)))),
    case
        when contains(strip_accents(lower(name)), nullif(strip_accents(lower(trim(wanted))), '')) then 0.9
        else 0
    end
)
