-- Two-sided p-value of a standard normal z: the probability of a value at least as far from 0, which is 1 for
-- 0; the relative error is below 1e-12 for any z, and a p below 1e-307 may be 0.
--
-- DuckDB has no erf(): the trapezoidal rule for the integral of erfc (Matta and Reichel 1971, steps of 1/2)
-- and, close to 0, where it loses digits, the power series.
--
-- Parameters:
--   z: The number of standard deviations, of either sign.
case
    when abs(z) < 0.1
        then 1 - sqrt(2 / pi()) * abs(z) * (1 - z ** 2 / 6 + z ** 4 / 40 - z ** 6 / 336 + z ** 8 / 3456)
    else
        exp(-z * z / 2) * abs(z) / (sqrt(2) * pi())
        * (1 / (z * z) + list_sum([exp(-n * n / 4) / (n * n / 4 + z * z / 2) for n in range(1, 14)]))
        - case when abs(z) < sqrt(8) * pi() then 2 / (exp(sqrt(8) * pi() * abs(z)) - 1) else 0 end
end
