-- Median of a score within a group, its NULLs left out; of an even number of values, the mean of the two in
-- the middle; NULL unless score_basis is `varies`.
--
-- Parameters:
--   score: The column of the score, within a group.
case when min(score) < max(score) then median(score) end
