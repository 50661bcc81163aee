-- Effective number of the members of a group: exp of the Shannon entropy (natural logarithm) of their shares,
-- rounded to 6 digits; 1 for a single member.
--
-- The logarithms are added in the order of the counts and members, since the last digit of a sum of floats
-- depends on its order.
--
-- Parameters:
--   number: The column with the count of each member, within a group.
--   member: The column that names the member.
round(exp(ln(sum(number)) - list_sum(list(number * ln(number) order by number, member)) / sum(number)), 6)
