-- marts.coverage_by_kind must count every article once, under its kind, and every event under news.
--
-- Severity: error
with expected as (
    select
        kind,
        count(*) as article_count,
        if(kind = 'news', (select count(*) from core.events), 0) as event_count
    from core.articles
    group by kind
)

select
    coalesce(counted.kind, expected.kind) as kind,
    counted.article_count,
    expected.article_count as expected_article_count,
    counted.event_count,
    expected.event_count as expected_event_count
from marts.coverage_by_kind as counted
full join expected on expected.kind = counted.kind
where
    counted.article_count is distinct from expected.article_count
    or counted.event_count is distinct from expected.event_count
