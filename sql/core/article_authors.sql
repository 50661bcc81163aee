-- Authors of articles, each once: the bridge table of every count by author.
--
-- A name that stands for several authors, see core.author_names, is a row for each.
--
-- Grain: an article and an author.
-- Key: document_id, author_id
-- References: document_id in core.articles, author_id in core.dim_authors
-- Role: bridge
-- Measures:
--   distinct_author_count = count(distinct author_id): Distinct authors of the articles.
-- Columns:
--   document_id
--   author_id: The author: slug of the name, equal for spellings that differ in case or white space.
--   position: 0-based position, in document_authors, of the name by which the article names the author first.
--   name_position: 0-based position of the author in that name; 0 for a name of one author.
--   written_name: That name as written.
--   author_count: Authors of the article, including this one.
with mentions as (
    select
        authors.document_id,
        names.author_id,
        authors.written_name,
        {'position': authors.position, 'name_position': names.name_position} as place
    from staging.document_authors as authors
    inner join core.author_names as names on names.written_author_id = authors.written_author_id
    inner join core.articles as articles on articles.document_id = authors.document_id
),

authors as (
    select
        document_id,
        author_id,
        min(place) as place,
        arg_min(written_name, place) as written_name
    from mentions
    group by document_id, author_id
),

counts as (
    select
        document_id,
        count(*) as author_count
    from authors
    group by document_id
)

select
    authors.document_id,
    authors.author_id,
    authors.place.position as position,
    authors.place.name_position as name_position,
    authors.written_name,
    counts.author_count
from authors
inner join counts on counts.document_id = authors.document_id
