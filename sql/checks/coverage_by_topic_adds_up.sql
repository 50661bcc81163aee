-- For every topic, article_count of marts.coverage_by_topic must be the number of its rows in
-- core.article_topics.
--
-- Severity: error
with expected as (
    select
        topic_id,
        count(*) as article_count
    from core.article_topics
    group by topic_id
)

select
    coalesce(coverage.topic_id, expected.topic_id) as topic_id,
    coverage.article_count,
    expected.article_count as expected_article_count
from marts.coverage_by_topic as coverage
full join expected on expected.topic_id = coverage.topic_id
where coverage.article_count is distinct from expected.article_count
