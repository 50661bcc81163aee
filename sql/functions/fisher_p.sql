-- Two-sided p-value of Fisher's exact test: whether the marked things are drawn more often or less often than
-- the others. Twice the smaller of the two tails, at most 1.
--
-- Parameters:
--   hits: Marked things among those drawn.
--   marked: Marked things in the population.
--   drawn: Things drawn.
--   population: All things.
if(
    hits + marked + drawn + population is null,
    null,
    least(1, 2 * least(
        hypergeometric_upper_p(hits, marked, drawn, population),
        hypergeometric_lower_p(hits, marked, drawn, population)
    ))
)
