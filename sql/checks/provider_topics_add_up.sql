-- For every topic, article_count, news_article_count and syndicated_article_count of marts.provider_topics
-- must add up to those of the articles with the topic and a provider.
--
-- Severity: error
with expected as (
    select
        topics.topic_id,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(*) filter (where articles.is_syndicated) as syndicated_article_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    where articles.provider_id is not null
    group by topics.topic_id
),

counted as (
    select
        topic_id,
        cast(sum(article_count) as bigint) as article_count,
        cast(sum(news_article_count) as bigint) as news_article_count,
        cast(sum(syndicated_article_count) as bigint) as syndicated_article_count
    from marts.provider_topics
    group by topic_id
)

select
    coalesce(counted.topic_id, expected.topic_id) as topic_id,
    counted.article_count,
    expected.article_count as expected_article_count
from counted
full join expected on expected.topic_id = counted.topic_id
where
    counted.article_count is distinct from expected.article_count
    or counted.news_article_count is distinct from expected.news_article_count
    or counted.syndicated_article_count is distinct from expected.syndicated_article_count
