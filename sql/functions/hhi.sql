-- Concentration of a group, the Herfindahl-Hirschman index: the sum of the squared shares of its members, 1
-- for a single member.
--
-- Parameters:
--   number: The column with the count of each member, within a group.
sum(number * number) / (sum(number) * sum(number))
