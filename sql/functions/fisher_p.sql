-- Two-sided p-value of Fisher's exact test: whether the marked things are drawn more often or less often than
-- the others. Twice the smaller of the two tails, at most 1: the upper tail where hits
-- is at least its mean, marked * drawn / population, else the lower.
--
-- Parameters:
--   hits: Marked things among those drawn.
--   marked: Marked things in the population.
--   drawn: Things drawn.
--   population: All things.
case
    when hits + marked + drawn + population is null then null
    when hits * population >= marked * drawn
        then least(1, 2 * hypergeometric_tail(hits, marked, drawn, population))
    else least(1, 2 * hypergeometric_tail(marked - hits, marked, population - drawn, population))
end
