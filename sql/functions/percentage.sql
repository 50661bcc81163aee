-- A share of whole numbers in words, rounded down, so that 100 percent is all of them: '97 percent'.
--
-- Parameters:
--   part: The part.
--   whole: The whole, not 0.
(100 * part // whole) || ' percent'
