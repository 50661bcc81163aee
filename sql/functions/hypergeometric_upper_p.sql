-- Probability of `hits` or more of the marked things among those drawn at random, without replacement: the
-- upper tail of the hypergeometric distribution, which is the one-sided p-value of Fisher's exact test.
--
-- An exact sum with a relative error below 1e-8 for a population of up to a million. Give it columns rather
-- than long expressions: each is repeated in the SQL.
--
-- Parameters:
--   hits: Marked things among those drawn.
--   marked: Marked things in the population.
--   drawn: Things drawn.
--   population: All things.
case
    when hits + marked + drawn + population is null then null
    when hits <= greatest(0, marked + drawn - population) then 1.0::double
    when hits > least(marked, drawn) then 0.0::double
    when hits > (marked + 1.0) * (drawn + 1.0) / (population + 2.0)
        then least(hypergeometric_tail(hits, marked, drawn, population), 1)
    else greatest(1 - hypergeometric_tail(marked - hits + 1, marked, population - drawn, population), 0)
end
