-- Natural logarithm of the binomial coefficient: of the number of ways to choose some of many things.
--
-- Parameters:
--   total: The number of things, 0 or more.
--   chosen: The number chosen, from 0 to total.
lgamma(total + 1.0) - lgamma(chosen + 1.0) - lgamma(total - chosen + 1.0)
