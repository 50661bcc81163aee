-- The articles whose title, excerpt or topics contain all of the given words; those with all of them in the
-- title first.
--
-- Case and accents are ignored, and a word may be part of a longer one.
--
-- Grain: an article.
-- Parameters:
--   words: The words, separated by spaces: 'night route' finds titles with both, in any order.
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
with asked as (
    select unnest(string_split_regex(strip_accents(lower(trim(words))), '\s+')) as word
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
        bool_and(contains(texts.title_text, asked.word)) as is_in_title
    from texts
    cross join asked
    where asked.word <> ''
    group by texts.document_id
    having bool_and(contains(texts.whole_text, asked.word))
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
    articles.quality
from main.articles as articles
inner join found on found.document_id = articles.document_id
order by found.is_in_title desc, articles.published_date desc nulls last, articles.document_id
