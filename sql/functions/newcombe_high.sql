-- Upper end of the 95 percent confidence interval of the difference of two shares, see newcombe_low.
--
-- Parameters:
--   hits: Things that count, of the first share.
--   total: All things of the first share.
--   other_hits: Things that count, of the second share.
--   other_total: All things of the second share.
hits / nullif(total, 0) - other_hits / nullif(other_total, 0) + sqrt(
    pow(wilson_high(hits, total) - hits / nullif(total, 0), 2)
    + pow(other_hits / nullif(other_total, 0) - wilson_low(other_hits, other_total), 2)
)
