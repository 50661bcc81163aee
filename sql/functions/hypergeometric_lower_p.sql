-- Probability of `hits` or fewer of the marked things among those drawn at random, without replacement: the
-- lower tail of the hypergeometric distribution.
--
-- Parameters:
--   hits: Marked things among those drawn.
--   marked: Marked things in the population.
--   drawn: Things drawn.
--   population: All things.
hypergeometric_upper_p(marked - hits, marked, population - drawn, population)
