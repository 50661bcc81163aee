-- What happened to a document, step by step: when it came, what changed, when it went.
--
-- Grain: a change of a document, and a field of it, if fields are known.
-- Parameters:
--   article: Its path, document_id or canonical URL, now or then, or its title in any case. Several documents
--     may have it; if none does, that is an error that names similar paths and titles.
-- Columns:
--   document_id
--   path
--   step
--   changed_at
--   commit_id
--   change
--   from_path?: The path that it was renamed from; NULL unless renamed.
--   field?: The field that changed; NULL where the document came or went.
--   old?: The value before, as text; NULL if there was none.
--   new?: The value since, as text; NULL if there is none.
with known as (
    select
        document_id,
        path,
        title,
        canonical_url
    from tidy.past_documents
    union
    select
        document_id,
        path,
        title,
        canonical_url
    from tidy.documents
    union
    select
        document_id,
        path,
        null as title,
        null as canonical_url
    from tidy.document_changes
),

matching as (
    select distinct document_id
    from known
    where
        document_id = article
        or path = article
        or canonical_url = article
        or lower(title) = lower(trim(article))
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select document_id
    from matching
    union all
    select
        no_match(
            'history_of: no document has as its path, id, URL or title',
            article,
            similar_names(list(path) || list(title), article),
            '`from history.document_versions` lists them'
        ) as document_id
    from known
    having (select count(*) from matching) = 0
)

select
    changes.document_id,
    changes.path,
    changes.step,
    changes.changed_at,
    changes.commit_id,
    changes.change,
    changes.from_path,
    fields.field,
    fields.old,
    fields.new
from history.changes as changes
inner join asked on asked.document_id = changes.document_id
left join history.version_changes as fields
    on fields.document_id = changes.document_id and fields.step = changes.step
order by changes.document_id, changes.step, fields.field, fields.item
