-- For every topic, article_count of marts.coverage_by_topic must be the number of its rows in
-- core.article_topics, news_article_count those of news, and event_count must not exceed news_article_count.
--
-- Severity: error
with expected as (
    select
        topics.topic_id,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    group by topics.topic_id
)

select
    coalesce(coverage.topic_id, expected.topic_id) as topic_id,
    coverage.article_count,
    expected.article_count as expected_article_count,
    coverage.news_article_count,
    expected.news_article_count as expected_news_article_count,
    coverage.event_count
from marts.coverage_by_topic as coverage
full join expected on expected.topic_id = coverage.topic_id
where
    coverage.article_count is distinct from expected.article_count
    or coverage.news_article_count is distinct from expected.news_article_count
    or coverage.event_count > coverage.news_article_count
