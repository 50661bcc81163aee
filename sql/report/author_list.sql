-- All authors that the page can filter by: those of report.authors, and all others of listed articles.
--
-- Grain: an author.
-- Key: author_number
-- Needs: authors
-- Columns:
--   author_number: Number of the author, from 1: the authors of report.authors by their rank, then the others
--     by counted articles; ties go by author_id.
--   author_id
--   author_name
--   article_count: Counted articles of the author, see report.scope.
with counts as (
    select
        authors.author_id,
        count(*) as article_count
    from core.article_authors as authors
    inner join core.articles as articles on articles.document_id = authors.document_id
    inner join report.scope as scope on scope.has_news = articles.is_news
    group by authors.author_id
),

listed as (
    select distinct unnest(author_ids) as author_id
    from report.article_list
    union
    select author_id
    from report.authors
)

select
    row_number() over (order by coalesce(counts.article_count, 0) desc, names.author_id) as author_number,
    names.author_id,
    names.author_name,
    coalesce(counts.article_count, 0) as article_count
from core.dim_authors as names
left join counts on counts.author_id = names.author_id
where names.author_id in (select author_id from listed)
