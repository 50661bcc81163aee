-- The articles whose title, excerpt or topics have all of the given words, or any of them, the best match
-- first: the macro search of a snapshot with a search index (setting search).
--
-- Case and accents are ignored. A word is a whole word, unless it ends with `*`. The score is BM25 with
-- k1 = 1.2 and b = 0.75 over weighted fields, see search.postings. Ties are in the order of published_date,
-- the latest first, then document_id.
--
-- Grain: an article.
-- Parameters:
--   words: The words, separated by spaces: 'night route' finds articles with both, in any order. 'rout*'
--     finds routes, too.
--   match = 'all': Whether an article must have 'all' words or may have 'any' of them.
-- Columns:
--   document_id
--   published_date
--   provider_name [provider]
--   title
--   topics [topics]
--   type
--   kind
--   heat [scores]
--   quality [scores]
--   score: How well the article matches, 0 or more, to compare within one search.
with given as materialized (
    select
        case
            when lower(word) in ('all', 'any') then lower(word)
            else error(
                'match of search() is ''all'' or ''any'', not ' || coalesce('''' || word || '''', 'NULL')
            )
        end as given_match
    from (values (cast(match as varchar))) as matches(word)
),

asked_words as (
    select unnest(string_split_regex(trim(words), '\s+')) as word
),

asked as (
    select
        term,
        bool_or(is_beginning) as is_beginning
    from (
        select
            unnest(terms) as term,
            is_last_open and generate_subscripts(terms, 1) = len(terms) as is_beginning
        from (
            select
                search_terms(key, false) as terms,
                is_last_open
            from (
                select
                    title_key(word) as key,
                    ends_with(word, '*') as is_last_open
                from asked_words
            ) as keys
        ) as lists
    ) as found
    where term <> ''
    group by term
),

-- Sums are BIGINT: those of HUGEINT and decimals take twice as long.
-- A word is a term as it is: an article has it once, so that nothing is added up.
matched as materialized (
    select
        asked.term as word,
        postings.document_number,
        postings.weight
    from asked
    inner join search.postings as postings on postings.term = asked.term
    where not asked.is_beginning
    union all
    -- Or it is the beginning of terms of the vocabulary.
    select
        asked.term as word,
        postings.document_number,
        cast(sum(postings.weight) as bigint) as weight
    from asked
    inner join search.terms as terms on starts_with(terms.term, asked.term)
    inner join search.postings as postings on postings.term = terms.term
    where asked.is_beginning
    group by asked.term, postings.document_number
),

-- A rare word says more than a frequent one.
informative as (
    select
        word,
        ln(1 + ((select count(*) from search.indexed_articles) - count(*) + 0.5) / (count(*) + 0.5)) as idf
    from matched
    group by word
),

scored as (
    select
        matched.document_number,
        count(*) as found_count,
        -- Millionths: integers add up to the same in any order.
        cast(sum(
            cast(2200000 * informative.idf * matched.weight / (1200 + matched.weight) as bigint)
        ) as bigint) as score
    from matched
    inner join informative on informative.word = matched.word
    group by matched.document_number
)

select
    articles.document_id,
    articles.published_date,
    articles.provider_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.kind,
    articles.heat,
    articles.quality,
    scored.score / 1000000 as score
from scored
inner join search.indexed_articles as articles on articles.document_number = scored.document_number
cross join given
where
    given.given_match = 'any'
    or scored.found_count = (select count(*) from asked)
order by scored.score desc, articles.published_date desc nulls last, articles.document_id
