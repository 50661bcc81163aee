-- Changes of documents, with the time and the commit of their step, and their name.
--
-- Grain: a document that changed at a step.
-- Key: document_id, step
-- Columns:
--   document_id
--   step
--   changed_at: When the step was committed or built (UTC).
--   commit_id
--   snapshot_id
--   path
--   collection: First folder of the path, without its underscore; `(top)` for the top of the source.
--   change
--   from_document_id
--   from_path
--   rule
--   similarity
--   is_moved: Whether the document was removed here and is at another path since.
--   is_bulk: Whether it is of the first step, which brings what may be older.
with moves as (
    select distinct
        step,
        from_document_id as document_id
    from tidy.document_changes
    where from_document_id is not null
)

select
    changes.document_id,
    changes.step,
    steps.committed_at as changed_at,
    steps.commit_id,
    steps.snapshot_id,
    changes.path,
    coalesce(changes.collection, '(top)') as collection,
    changes.change,
    changes.from_document_id,
    changes.from_path,
    changes.rule,
    changes.similarity,
    moves.document_id is not null as is_moved,
    changes.step = 0 as is_bulk
from tidy.document_changes as changes
inner join tidy.steps as steps on steps.step = changes.step
left join moves on moves.document_id = changes.document_id and moves.step = changes.step
