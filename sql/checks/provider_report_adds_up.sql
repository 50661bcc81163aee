-- For every provider, marts.provider_report and marts.image_coverage must count the articles of
-- core.articles, each article once; so must marts.organisation_report for every organisation.
-- Articles without a provider must be in image_coverage as `(none)`, and not in provider_report.
--
-- Severity: error
with expected as (
    select
        provider_id,
        count(*) as article_count
    from core.articles
    where provider_id is not null
    group by provider_id
),

without_provider as (
    select count(*) as article_count
    from core.articles
    where provider_id is null
),

image_coverage as (
    select
        provider_id,
        cast(sum(article_count) as bigint) as article_count
    from marts.image_coverage
    group by provider_id
),

organisations as (
    select
        organisation_id,
        count(*) as article_count
    from core.articles
    where organisation_id is not null
    group by organisation_id
)

select
    'provider_report' as mart,
    coalesce(report.provider_id, expected.provider_id) as provider_id,
    report.article_count,
    expected.article_count as expected_article_count
from marts.provider_report as report
full join expected on expected.provider_id = report.provider_id
where report.article_count is distinct from expected.article_count
union all
select
    'organisation_report' as mart,
    coalesce(report.organisation_id, organisations.organisation_id) as provider_id,
    report.article_count,
    organisations.article_count as expected_article_count
from marts.organisation_report as report
full join organisations on organisations.organisation_id = report.organisation_id
where report.article_count is distinct from organisations.article_count
union all
select
    'image_coverage' as mart,
    coalesce(image_coverage.provider_id, expected.provider_id) as provider_id,
    image_coverage.article_count,
    expected.article_count as expected_article_count
from image_coverage
full join expected on expected.provider_id = image_coverage.provider_id
where image_coverage.article_count is distinct from expected.article_count
    and image_coverage.provider_id is distinct from '(none)'
union all
select
    'image_coverage' as mart,
    '(none)' as provider_id,
    coalesce(image_coverage.article_count, 0) as article_count,
    without_provider.article_count as expected_article_count
from without_provider
left join image_coverage on image_coverage.provider_id = '(none)'
where coalesce(image_coverage.article_count, 0) <> without_provider.article_count
