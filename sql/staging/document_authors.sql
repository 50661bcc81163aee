-- Authors as documents name them, with an id in place of spellings. Authors without a name are left out.
--
-- Grain: a named author of a document.
-- Key: document_id, position
-- Columns:
--   document_id
--   position
--   written_author_id: Slug of the name, equal for spellings that differ in case or white space; the authors
--     whom it names are in core.author_names.
--   written_name: Name of the author as written, trimmed.
--   url?: URL of the author, trimmed; NULL if absent or blank.
select
    authors.document_id,
    authors.position,
    names.author_id as written_author_id,
    trim(authors.name) as written_name,
    nullif(trim(authors.url), '') as url
from tidy.document_authors as authors
inner join tidy.author_names as names on names.name = authors.name
