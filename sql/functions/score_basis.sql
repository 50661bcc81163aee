-- Whether a score tells the articles of a group apart: `varies`, `constant` if all its values are equal,
-- `too few` if there is one value only, `none` if there is no value. NULLs do not count.
--
-- The source gives many articles the same score: the median of a constant says nothing about the group.
--
-- Parameters:
--   score: The column of the score, within a group.
case
    when min(score) < max(score) then 'varies'
    when count(score) > 1 then 'constant'
    when count(score) = 1 then 'too few'
    else 'none'
end
