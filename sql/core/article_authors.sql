-- Authors of articles, each once: the bridge table of every count by author.
--
-- A name that stands for several authors, see core.author_names, is a row for each.
--
-- Grain: an article and an author.
-- Key: document_id, author_id
-- References: document_id in core.articles, author_id in core.dim_authors
-- Columns:
--   document_id
--   author_id: The author: slug of the name, equal for spellings that differ in case or white space.
--   position: 0-based position at which the article names the author first; the authors of a split name take
--     the place of the name, in its order.
--   written_name: The name as written that the author is from: of one author, or of several.
--   author_count: Authors of the article, including this one.
with mentions as (
    select
        authors.document_id,
        names.author_id,
        authors.written_name,
        row_number() over (
            partition by authors.document_id order by authors.position, names.name_position
        ) as mention_number
    from staging.document_authors as authors
    inner join core.author_names as names on names.written_author_id = authors.written_author_id
    inner join core.articles as articles on articles.document_id = authors.document_id
),

authors as (
    select
        document_id,
        author_id,
        min(mention_number) - 1 as position,
        arg_min(written_name, mention_number) as written_name
    from mentions
    group by document_id, author_id
)

select
    document_id,
    author_id,
    position,
    written_name,
    count(*) over (partition by document_id) as author_count
from authors
