-- The last ten changes of each of the forty documents that changed last.
--
-- Grain: a document that changed at a step.
-- Key: document_rank, version_rank
-- Columns:
--   document_rank: 1 for the document that changed last.
--   version_rank: 1 for its last change.
--   document_id
--   step
--   change
--   changed_at
--   path
--   title?: The last title that it had; NULL for a document without one.
--   from_path
--   version_count: All changes of the document.
--   document_count: All documents that changed.
with ranked as (
    select
        document_id,
        step,
        change,
        changed_at,
        path,
        from_path,
        row_number() over (partition by document_id order by step desc) as version_rank,
        count(*) over (partition by document_id) as version_count
    from history.changes
    where not is_bulk and not is_moved
),

latest as (
    select
        document_id,
        row_number() over (order by step desc, path) as document_rank,
        count(*) over () as document_count
    from ranked
    where version_rank = 1
    qualify document_rank <= 40
),

titles as (
    select
        document_id,
        coalesce(title, name) as title
    from history.document_versions
    where document_id in (select latest.document_id from latest)
    qualify row_number() over (partition by document_id order by valid_from desc) = 1
)

select
    latest.document_rank,
    ranked.version_rank,
    ranked.document_id,
    ranked.step,
    ranked.change,
    ranked.changed_at,
    ranked.path,
    titles.title,
    ranked.from_path,
    ranked.version_count,
    latest.document_count
from ranked
inner join latest on latest.document_id = ranked.document_id
left join titles on titles.document_id = ranked.document_id
where ranked.version_rank <= 10
