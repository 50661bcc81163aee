-- Lives of documents: the stretches of steps over which a file was there and could be read.
--
-- On censoring: a life of the first step began then or before; one without an end_step may go on.
--
-- Grain: a life of a document.
-- Key: document_id, first_step
-- Columns:
--   document_id: The document.
--   first_step: The first step of the life.
--   end_step?: The first step after it; NULL if the last step has the document.
--   start_change: How it began: added, restored, readable or renamed.
--   end_change?: How it ended: removed or refused; NULL if the last step has the document.
--   version_count: Versions that it has.
--   from_document_id?: The document that was renamed to this one; NULL unless it began so.
--   to_document_id?: The document that this one was renamed to; NULL unless it ended so.
--   is_left_censored: Whether the first step has it.
--   is_right_censored: Whether the last step has it.
with marked as (
    select
        document_id,
        valid_from,
        valid_to,
        change,
        end_change,
        from_document_id,
        coalesce(lag(valid_to) over versions <> valid_from, true) as is_start
    from history.document_versions
    window versions as (partition by document_id order by valid_from)
),

numbered as (
    select
        *,
        count(*) filter (where is_start) over (partition by document_id order by valid_from) as life
    from marked
),

lives as (
    select
        document_id,
        min(valid_from) as first_step,
        if(count(valid_to) = count(*), max(valid_to), null) as end_step,
        first(change order by valid_from) as start_change,
        first(end_change order by valid_from desc) as end_change,
        first(from_document_id order by valid_from) as from_document_id,
        count(*) as version_count
    from numbered
    group by document_id, life
),

renamed as (
    select
        from_document_id,
        step,
        first(document_id order by document_id) as to_document_id
    from tidy.document_changes
    where from_document_id is not null
    group by from_document_id, step
)

select
    lives.document_id,
    lives.first_step,
    lives.end_step,
    lives.start_change,
    lives.end_change,
    lives.version_count,
    lives.from_document_id,
    renamed.to_document_id,
    lives.first_step = 0 as is_left_censored,
    lives.end_step is null as is_right_censored
from lives
left join renamed on renamed.from_document_id = lives.document_id and renamed.step = lives.end_step
