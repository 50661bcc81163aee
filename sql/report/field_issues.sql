-- The thirty most frequent kinds of refused and repaired values.
--
-- Grain: a field and a problem.
-- Key: source_field, problem
-- Columns:
--   source_field: The field without positions in lists, such as `images.width`.
--   problem
--   issue_count: Values with the problem.
--   document_count: Documents with such a value.
--   first_path: Path of the first document with such a value.
--   first_value?: The first such value of that document; NULL if it was null.
with issues as (
    select
        document_id,
        path,
        position,
        regexp_replace(field, '\[[0-9]+\]', '', 'g') as source_field,
        problem,
        value
    from tidy.field_issues
)

select
    source_field,
    problem,
    count(*) as issue_count,
    count(distinct document_id) as document_count,
    first(path order by path, position) as first_path,
    first(value order by path, position) as first_value
from issues
group by source_field, problem
qualify row_number() over (order by count(*) desc, source_field, problem) <= 30
