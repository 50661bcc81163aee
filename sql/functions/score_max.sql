-- Highest value of a score within a group; NULL unless score_basis is `varies`.
--
-- Parameters:
--   score: The column of the score, within a group.
case when min(score) < max(score) then max(score) end
