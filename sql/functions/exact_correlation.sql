-- Pearson correlation (-1..1) of two columns of integers within a group, to 9 digits; NULL if either is
-- constant.
--
-- corr() adds up floats in the order of the threads, so that its last digits may differ from run to run; sums
-- of integers are exact.
--
-- Parameters:
--   x: A column without NULLs.
--   y: Another one.
round(
    (count(*) * sum(x::hugeint * y) - sum(x) * sum(y))::double / nullif(
        sqrt((count(*) * sum(x::hugeint * x) - sum(x) * sum(x))::double)
        * sqrt((count(*) * sum(y::hugeint * y) - sum(y) * sum(y))::double),
        0
    ),
    9
)
