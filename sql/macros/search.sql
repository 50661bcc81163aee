-- The articles whose title, excerpt or topics have all of the given words, or any of them.
--
-- Case and accents are ignored. With a search index (setting search) a word is a whole word, unless it ends
-- with `*`, and articles are in the order of score. Without one, a word may be part of a longer one, and
-- those with all words in the title come first, then the latest.
--
-- Grain: an article.
-- Parameters:
--   words: The words, separated by spaces: 'night route' finds articles with both, in any order. 'rout*'
--     finds routes, too.
--   match = 'all': Whether an article must have 'all' words or may have 'any' of them.
-- Columns:
--   document_id
--   published_date
--   provider_name
--   title
--   topics
--   type
--   kind
--   heat
--   quality
--   score?: How well the article matches, 0 or more, to compare within one search; NULL without a search
--     index.
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

asked as (
    select list_distinct(list_filter(
        list_transform(
            string_split_regex(strip_accents(lower(words)), '\s+'),
            lambda word: rtrim(word, '*')
        ),
        lambda word: word <> ''
    )) as asked_words
),

texts as (
    select
        articles.document_id,
        strip_accents(lower(coalesce(articles.title, ''))) as title_text,
        -- The topics are a column only if an article has some.
        strip_accents(lower(concat_ws(
            ' ', *columns(lambda name: name in ('title', 'excerpt', 'topics'))
        ))) as whole_text
    from main.articles as articles
    inner join staging.documents as documents on documents.document_id = articles.document_id
),

found as (
    select
        texts.document_id,
        len(asked.asked_words) as asked_count,
        len(list_filter(asked.asked_words, lambda word: contains(texts.whole_text, word))) as found_count,
        len(list_filter(asked.asked_words, lambda word: contains(texts.title_text, word))) as title_count
    from texts
    cross join asked
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
    cast(null as double) as score
from main.articles as articles
inner join found on found.document_id = articles.document_id
cross join given
where
    found.found_count > 0
    and (given.given_match = 'any' or found.found_count = found.asked_count)
order by
    found.found_count desc,
    found.title_count = found.asked_count desc,
    articles.published_date desc nulls last,
    articles.document_id
