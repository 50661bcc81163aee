-- The articles of an author, alone or with others, latest first.
--
-- Grain: an article.
-- Parameters:
--   name_or_id: Name of the author, in any case, or its author_id. One that does not exist is an error that
--     names similar authors.
-- Columns:
--   document_id
--   published_date
--   author_name
--   title
--   topics
--   type
--   kind
--   author_count
with found as (
    select author_id
    from core.dim_authors
    where
        lower(author_name) = lower(trim(name_or_id))
        or author_id = name_or_id
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select author_id
    from found
    union all
    select
        no_match(
            'author: no author is called',
            name_or_id,
            similar_names(list(author_name), name_or_id),
            '`from authors` lists them'
        ) as author_id
    from core.dim_authors
    having (select count(*) from found) = 0
)

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
inner join asked on asked.author_id = names.author_id
order by articles.published_date desc nulls last, articles.document_id
