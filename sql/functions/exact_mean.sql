-- Mean of a column of integers, its NULLs left out; NULL if there are none.
--
-- avg() adds up floats in the order of the threads, so that its last digit may differ from run to run; a
-- sum of integers is exact.
--
-- Parameters:
--   number: The column to average, within a group.
sum(number)::double / count(number)
