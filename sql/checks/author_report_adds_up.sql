-- For every author, marts.author_report must count the articles of core.article_authors; those alone and with
-- others must add up to them, and its windows must not have more than the news.
--
-- Severity: error
with expected as (
    select
        authors.author_id,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count
    from core.article_authors as authors
    inner join core.articles as articles on articles.document_id = authors.document_id
    group by authors.author_id
)

select
    coalesce(report.author_id, expected.author_id) as author_id,
    report.article_count,
    report.solo_article_count + report.shared_article_count as solo_and_shared_article_count,
    expected.article_count as expected_article_count,
    report.news_article_count,
    expected.news_article_count as expected_news_article_count,
    report.last_90_days_article_count + report.previous_90_days_article_count as window_article_count
from marts.author_report as report
full join expected on expected.author_id = report.author_id
where
    report.article_count is distinct from expected.article_count
    or report.solo_article_count + report.shared_article_count is distinct from expected.article_count
    or report.news_article_count is distinct from expected.news_article_count
    or report.last_90_days_article_count + report.previous_90_days_article_count > report.news_article_count
    or report.event_count > report.news_article_count
