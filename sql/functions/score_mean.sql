-- Mean of a score of whole numbers within a group, its NULLs left out; NULL unless score_basis is `varies`.
--
-- Parameters:
--   score: The column of the score, within a group.
case when min(score) < max(score) then exact_mean(score) end
