-- The search index: which article has which term, and how much that counts. Empty unless the setting search
-- is on.
--
-- Terms are those of the function search_terms in title, excerpt and topics, folded by title_key. The weight
-- is the simple BM25F of Robertson, Zaragoza and Taylor (2004): the occurrences in each field, divided by
-- 0.25 + 0.75 * the length of the field in terms / the mean length of that field among the articles that have
-- it, times 3 for the title, 2 for the excerpt and 2 for the topics.
--
-- Grain: a term and an article that has it.
-- Key: term, document_number
-- References: document_number in search.indexed_articles
-- Columns:
--   term: The term.
--   document_number
--   weight: Weighted number of occurrences, in thousandths: integers add up to the same in any order.
with texts as (
    select
        articles.document_number,
        unnest(['title', 'excerpt', 'topics']) as field,
        unnest([articles.title, documents.excerpt, articles.topics]) as text
    from search.indexed_articles as articles
    inner join staging.documents as documents on documents.document_id = articles.document_id
),

folded as (
    select
        document_number,
        field,
        title_key(text) as text
    from texts
    where text is not null
),

terms as (
    select
        document_number,
        field,
        term
    from (select document_number, field, unnest(search_terms(text, true)) as term from folded) as found
    where term <> ''
),

counts as (
    select
        term,
        document_number,
        count(*) filter (where field = 'title') as title_count,
        count(*) filter (where field = 'excerpt') as excerpt_count,
        count(*) filter (where field = 'topics') as topics_count
    from terms
    group by term, document_number
),

lengths as (
    select
        document_number,
        nullif(count(*) filter (where field = 'title'), 0) as title_length,
        nullif(count(*) filter (where field = 'excerpt'), 0) as excerpt_length,
        nullif(count(*) filter (where field = 'topics'), 0) as topics_length
    from terms
    group by document_number
),

means as (
    select
        sum(title_length) / count(title_length) as title_length,
        sum(excerpt_length) / count(excerpt_length) as excerpt_length,
        sum(topics_length) / count(topics_length) as topics_length
    from lengths
)

select
    counts.term,
    counts.document_number,
    cast(round(1000 * (
        coalesce(3 * counts.title_count / (0.25 + 0.75 * lengths.title_length / means.title_length), 0)
        + coalesce(
            2 * counts.excerpt_count / (0.25 + 0.75 * lengths.excerpt_length / means.excerpt_length), 0
        )
        + coalesce(2 * counts.topics_count / (0.25 + 0.75 * lengths.topics_length / means.topics_length), 0)
    )) as bigint) as weight
from counts
inner join lengths on lengths.document_number = counts.document_number
cross join means
