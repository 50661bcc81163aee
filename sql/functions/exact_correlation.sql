-- Pearson correlation (-1..1) of two columns of integers within a group, to 9 digits; NULL if either is
-- constant.
--
-- corr() adds up floats in the order of the threads, so that its last digits may differ from run to run; sums
-- of integers are exact.
--
-- Parameters:
--   x: A column without NULLs.
--   y: Another one.
--   times: How often each pair of them counts.
round(
    (sum(times) * sum(times::hugeint * x * y) - sum(times * x) * sum(times * y))::double / nullif(
        sqrt((sum(times) * sum(times::hugeint * x * x) - sum(times * x) * sum(times * x))::double)
        * sqrt((sum(times) * sum(times::hugeint * y * y) - sum(times * y) * sum(times * y))::double),
        0
    ),
    9
)
