-- core.article_authors must cover every named author of the documents that are articles, a name that is no
-- author itself by its parts, and have no others.
--
-- Severity: error
with written as (
    select distinct
        authors.document_id,
        names.author_id as written_author_id
    from tidy.document_authors as authors
    inner join tidy.author_names as names on names.name = authors.name
    inner join staging.documents as documents on documents.document_id = authors.document_id
    where documents.is_coverage
),

whole as (
    select
        written.document_id,
        written.written_author_id
    from written
    semi join core.dim_authors as authors on authors.author_id = written.written_author_id
)

select
    whole.document_id,
    whole.written_author_id as author_id,
    'missing from core.article_authors' as problem
from whole
anti join core.article_authors as authors
    on authors.document_id = whole.document_id and authors.author_id = whole.written_author_id
union all
select
    written.document_id,
    written.written_author_id as author_id,
    'no part of it is in core.article_authors' as problem
from written
anti join whole
    on whole.document_id = written.document_id and whole.written_author_id = written.written_author_id
anti join core.article_authors as authors
    on authors.document_id = written.document_id and contains(written.written_author_id, authors.author_id)
union all
select
    authors.document_id,
    authors.author_id,
    'not in the file' as problem
from core.article_authors as authors
anti join written
    on written.document_id = authors.document_id and contains(written.written_author_id, authors.author_id)
