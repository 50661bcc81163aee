-- The articles of an author, alone or with others, latest first.
--
-- Grain: an article.
-- Parameters:
--   name_or_id: Name of the author, in any case, or its author_id.
-- Columns:
--   document_id
--   published_date
--   author_name
--   title
--   topics
--   type
--   kind
--   author_count
select
    articles.document_id,
    articles.published_date,
    names.author_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.kind,
    authors.author_count
from main.articles as articles
inner join core.article_authors as authors on authors.document_id = articles.document_id
inner join core.dim_authors as names on names.author_id = authors.author_id
where
    lower(names.author_name) = lower(trim(name_or_id))
    or names.author_id = name_or_id
order by articles.published_date desc nulls last, articles.document_id
