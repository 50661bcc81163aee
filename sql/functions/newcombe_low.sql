-- Lower end of the 95 percent confidence interval of the difference of two shares, the first less the second,
-- by Newcombe's method 10, from the Wilson intervals of both; NULL if one is a share of nothing.
--
-- Parameters:
--   hits: Things that count, of the first share.
--   total: All things of the first share.
--   other_hits: Things that count, of the second share.
--   other_total: All things of the second share.
hits / nullif(total, 0) - other_hits / nullif(other_total, 0) - sqrt(
    pow(hits / nullif(total, 0) - wilson_low(hits, total), 2)
    + pow(wilson_high(other_hits, other_total) - other_hits / nullif(other_total, 0), 2)
)
