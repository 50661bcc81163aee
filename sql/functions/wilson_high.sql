-- Upper end of the 95 percent confidence interval of a share, by Wilson's score method; NULL for a share of
-- nothing.
--
-- Parameters:
--   hits: Things that count.
--   total: All things.
case when total > 0 and hits is not null then least(1.0, (
        hits + 3.8414588206941254 / 2
        + 1.959963984540054 * sqrt(hits * (1 - hits / total) + 3.8414588206941254 / 4)
    ) / (total + 3.8414588206941254)) end
