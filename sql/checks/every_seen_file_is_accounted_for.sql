-- Every file seen must be a document, a reject or skipped: each outcome must have as many files as its table
-- has rows.
--
-- Severity: error
with outcomes as (
    select unnest(['document', 'reject', 'skipped']) as outcome
),

files as (
    select
        outcome,
        count(*) as file_count
    from tidy.files
    group by outcome
),

rows_written as (
    select
        'document' as outcome,
        count(*) as row_count
    from tidy.documents
    union all
    select
        'reject' as outcome,
        count(*) as row_count
    from tidy.rejects
    union all
    select
        'skipped' as outcome,
        (select count(*) from tidy.files)
        - (select count(*) from tidy.documents)
        - (select count(*) from tidy.rejects) as row_count
)

select
    outcomes.outcome,
    coalesce(files.file_count, 0) as file_count,
    rows_written.row_count
from outcomes
inner join rows_written on rows_written.outcome = outcomes.outcome
left join files on files.outcome = outcomes.outcome
where coalesce(files.file_count, 0) <> rows_written.row_count
