-- The 20,000 latest articles of all kinds, for the list that the page filters and searches.
--
-- Grain: an article.
-- Key: article_rank
-- Columns:
--   article_rank: Rank of the article: 1 for the latest, articles without a calendar_date last, ties going by
--     path.
--   path
--   title
--   excerpt
--   url?: Its canonical URL; NULL if it has none.
--   image_url?: URL of its first image over https that is no placeholder, see core.article_images;
--     NULL if there is none.
--   published_at?: Its published_at (UTC); NULL without a calendar_date.
--   kind
--   event_id
--   provider_id
--   topic_ids?: Its topics in the order of the file; NULL if it has none.
--   author_ids?: Its authors in the order of the file; NULL if it has none.
--   body_words
--   all_count: Articles of all kinds, listed or not.
with ranked as (
    select
        row_number() over (
            order by articles.calendar_date is null, articles.published_at desc nulls last, articles.path
        ) as article_rank,
        articles.document_id,
        articles.path,
        articles.title,
        articles.canonical_url as url,
        if(articles.calendar_date is null, null, articles.published_at) as published_at,
        articles.kind,
        articles.event_id,
        articles.provider_id,
        articles.body_words,
        count(*) over () as all_count
    from core.articles as articles
    qualify article_rank <= 20000
),

images as (
    select
        images.document_id,
        first(images.url order by images.position) as image_url
    from core.article_images as images
    inner join ranked on ranked.document_id = images.document_id
    where images.is_usable and not images.is_placeholder and starts_with(images.url, 'https://')
    group by images.document_id
),

topics as (
    select
        topics.document_id,
        list(topics.topic_id order by topics.position, topics.topic_id) as topic_ids
    from core.article_topics as topics
    inner join ranked on ranked.document_id = topics.document_id
    group by topics.document_id
),

authors as (
    select
        authors.document_id,
        list(authors.author_id order by authors.position, authors.author_id) as author_ids
    from core.article_authors as authors
    inner join ranked on ranked.document_id = authors.document_id
    group by authors.document_id
)

select
    ranked.article_rank,
    ranked.path,
    ranked.title,
    documents.excerpt,
    ranked.url,
    images.image_url,
    ranked.published_at,
    ranked.kind,
    ranked.event_id,
    ranked.provider_id,
    topics.topic_ids,
    authors.author_ids,
    ranked.body_words,
    ranked.all_count
from ranked
inner join staging.documents as documents on documents.document_id = ranked.document_id
left join images on images.document_id = ranked.document_id
left join topics on topics.document_id = ranked.document_id
left join authors on authors.document_id = ranked.document_id
