-- Ends a query with an error: a macro was asked for what the corpus does not have.
--
-- Parameters:
--   problem: The macro and what is missing, such as 'provider: no provider is called'.
--   wanted: What was asked for.
--   candidates: Names that may be meant, such as '''C'' or ''C#'''; NULL if there are none.
--   advice: What to do if there are none.
error(
    problem || ' ' || coalesce('''' || wanted || '''', 'NULL') || '; '
    || coalesce('did you mean ' || candidates || '?', advice)
)
