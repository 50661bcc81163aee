-- Topics, each in the spelling that most documents use.
--
-- Grain: a topic of at least one document, coverage or not.
-- Key: topic_id
-- Role: dimension
-- Order: article_count desc
-- Columns:
--   topic_id
--   topic: The spelling that most documents use; ties go to the first alphabetically; those of topics that
--     the reviewed file replaces come last.
--   spelling_count: Distinct spellings: 'Management Tools' and 'Management tools' are two.
--   document_count: Documents with the topic.
--   article_count: Of these documents, those that are articles.
--   news_article_count: Of these articles, those of kind news.
--   tagged_news_share?: Share (0..1) of the news articles with at least one topic that have this one; NULL if
--     no news article has a topic.
--   is_omnipresent: Whether tagged_news_share is at least 0.9, of at least 20 news articles with a topic.
--     Such a topic says what the corpus is about, and nothing about an article: momentum, pairs, blindspots
--     and bursts leave it out.
with sightings as (
    select
        topics.topic_id,
        topics.topic,
        topics.document_id,
        topics.is_alias,
        coalesce(articles.is_article, false) as is_article,
        coalesce(articles.is_article, false) and documents.kind = 'news' as is_news
    from staging.document_topics as topics
    inner join staging.documents as documents on documents.document_id = topics.document_id
    left join core.translations as articles on articles.document_id = topics.document_id
),

spellings as (
    select
        topic_id,
        topic,
        bool_and(is_alias) as is_alias,
        count(*) as document_count,
        count(*) filter (where is_article) as article_count,
        count(*) filter (where is_news) as news_article_count
    from sightings
    group by topic_id, topic
),

tagged as (
    select count(distinct document_id) as news_article_count
    from sightings
    where is_news
),

topics as (
    select
        topic_id,
        first(topic order by is_alias, document_count desc, topic) as topic,
        count(*) as spelling_count,
        cast(sum(document_count) as bigint) as document_count,
        cast(sum(article_count) as bigint) as article_count,
        cast(sum(news_article_count) as bigint) as news_article_count
    from spellings
    group by topic_id
)

select
    topics.topic_id,
    topics.topic,
    topics.spelling_count,
    topics.document_count,
    topics.article_count,
    topics.news_article_count,
    topics.news_article_count / nullif(tagged.news_article_count, 0) as tagged_news_share,
    tagged.news_article_count >= 20
    and topics.news_article_count * 10 >= tagged.news_article_count * 9 as is_omnipresent
from topics
cross join tagged
