-- Probability of `hits` or more of the marked things among those drawn, for more hits than are most likely;
-- see hypergeometric_upper_p, which takes any number.
--
-- The exact sum of the probabilities of hits, hits + 1 and so on. Above the most likely number each is
-- smaller than the one before by a factor that falls: the sum ends where the rest cannot change the 15th
-- digit, after at most 80 terms and 12 standard deviations.
--
-- Parameters:
--   hits: Marked things among those drawn: at least marked * drawn / population.
--   marked: Marked things in the population.
--   drawn: Things drawn.
--   population: All things.
coalesce(list_sum(list_transform(
    range(
        cast(hits as bigint),
        cast(
            least(
                marked,
                drawn,
                hits + ceil(80 + 12 * sqrt(drawn * (marked / population))),
                hits + ceil(36 / -ln(greatest(least(
                    (marked - hits) / (hits + 1.0)
                    * ((drawn - hits) / greatest(population - marked - drawn + hits + 1.0, 1)),
                    0.999999
                ), 1e-16)))
            ) as bigint
        ) + 1
    ),
    lambda more: exp(
        log_binomial(marked, more)
        + log_binomial(population - marked, drawn - more)
        - log_binomial(population, drawn)
    )
)), 0)
