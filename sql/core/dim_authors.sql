-- Authors, each in the spelling that most documents use.
--
-- A name that stands for several authors, see core.author_names, is no author itself.
--
-- Grain: an author of at least one document, coverage or not.
-- Key: author_id
-- Role: dimension
-- Order: article_count desc
-- Columns:
--   author_id: Slug of the name, equal for spellings that differ in case or white space.
--   author_name: The spelling used most often, ties going to the first alphabetically.
--   author_url?: The URL given most often with the name, ties going to the first alphabetically; NULL if none
--     is given.
--   spelling_count: Distinct spellings of the name.
--   document_count: Documents of the author.
--   article_count: Of these documents, those that are coverage.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
with spellings as (
    select
        written_author_id as author_id,
        written_name,
        count(*) as mention_count
    from staging.document_authors
    group by written_author_id, written_name
),

names as (
    select
        author_id,
        first(written_name order by mention_count desc, written_name) as author_name,
        count(*) as spelling_count
    from spellings
    group by author_id
),

url_counts as (
    select
        written_author_id as author_id,
        url,
        count(*) as mention_count
    from staging.document_authors
    where url is not null
    group by written_author_id, url
),

urls as (
    select
        author_id,
        first(url order by mention_count desc, url) as author_url
    from url_counts
    group by author_id
),

author_documents as (
    select distinct
        names.author_id,
        written.document_id
    from staging.document_authors as written
    inner join core.author_names as names on names.written_author_id = written.written_author_id
),

counts as (
    select
        authors.author_id,
        count(*) as document_count,
        count(articles.document_id) as article_count,
        min(articles.published_at) filter (where articles.calendar_date is not null) as first_published_at,
        max(articles.published_at) filter (where articles.calendar_date is not null) as last_published_at
    from author_documents as authors
    left join core.articles as articles on articles.document_id = authors.document_id
    group by authors.author_id
)

select
    counts.author_id,
    names.author_name,
    urls.author_url,
    names.spelling_count,
    counts.document_count,
    counts.article_count,
    counts.first_published_at,
    counts.last_published_at
from counts
inner join names on names.author_id = counts.author_id
left join urls on urls.author_id = counts.author_id
