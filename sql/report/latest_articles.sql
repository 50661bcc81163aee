-- The fifty latest counted articles, see report.scope.
--
-- Grain: an article.
-- Key: article_rank
-- Columns:
--   article_rank: Rank of the article: 1 for the latest, articles without a calendar_date last, ties going by
--     path.
--   title
--   url?: Its canonical URL; NULL if it has none.
--   path
--   published_at
--   provider_name? [provider]: Name of its provider; NULL if it has none.
--   authors? [authors]: Its authors in the order of the file, separated by commas; NULL if it has none.
--   topics? [topics]: Its topics in the order of the file, separated by commas; NULL if it has none.
--   body_words
with latest as (
    select
        row_number() over (
            order by calendar_date is null, published_at desc nulls last, path
        ) as article_rank,
        document_id,
        title,
        canonical_url as url,
        path,
        published_at,
        provider_id,
        body_words
    from core.articles
    where is_news = (select has_news from report.scope)
    qualify article_rank <= 50
),

author_names as (
    select
        links.document_id,
        string_agg(names.author_name, ', ' order by links.position, names.author_id) as authors
    from core.article_authors as links
    inner join core.dim_authors as names on names.author_id = links.author_id
    group by links.document_id
),

topic_names as (
    select
        links.document_id,
        string_agg(names.topic, ', ' order by links.position) as topics
    from core.article_topics as links
    inner join core.dim_topics as names on names.topic_id = links.topic_id
    group by links.document_id
)

select
    latest.article_rank,
    latest.title,
    latest.url,
    latest.path,
    latest.published_at,
    providers.provider_name,
    author_names.authors,
    topic_names.topics,
    latest.body_words
from latest
left join core.dim_providers as providers on providers.provider_id = latest.provider_id
left join author_names on author_names.document_id = latest.document_id
left join topic_names on topic_names.document_id = latest.document_id
