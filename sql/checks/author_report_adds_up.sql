-- For every author, marts.author_report must count the articles of core.article_authors, and those alone and
-- with others must add up to them.
--
-- Severity: error
with expected as (
    select
        author_id,
        count(*) as article_count
    from core.article_authors
    group by author_id
)

select
    coalesce(report.author_id, expected.author_id) as author_id,
    report.article_count,
    report.solo_article_count + report.shared_article_count as solo_and_shared_article_count,
    expected.article_count as expected_article_count
from marts.author_report as report
full join expected on expected.author_id = report.author_id
where
    report.article_count is distinct from expected.article_count
    or report.solo_article_count + report.shared_article_count is distinct from expected.article_count
