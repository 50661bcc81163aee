-- For every topic, provider and author, the articles of all periods of a grain must add up to its articles
-- with a calendar_date; for a topic to those until last_article_date of core.corpus_dates, in every grain
-- that it has, and it has years.
--
-- Severity: error
with dated_topics as (
    select
        topics.topic_id,
        count(*) as article_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    inner join core.corpus_dates as dates on articles.calendar_date <= dates.last_article_date
    group by topics.topic_id
),

dated_providers as (
    select
        provider_id,
        count(*) as article_count
    from core.articles
    where calendar_date is not null and provider_id is not null
    group by provider_id
),

dated_authors as (
    select
        authors.author_id,
        count(*) as article_count
    from core.article_authors as authors
    inner join core.articles as articles on articles.document_id = authors.document_id
    where articles.calendar_date is not null
    group by authors.author_id
),

expected as (
    select
        'coverage_by_topic_over_time' as mart,
        topic_id as id,
        unnest(['week', 'month', 'quarter', 'year']) as period_grain,
        article_count
    from dated_topics
    union all
    select
        'provider_over_time' as mart,
        provider_id as id,
        unnest(['week', 'month', 'quarter', 'year']) as period_grain,
        article_count
    from dated_providers
    union all
    select
        'author_over_time' as mart,
        author_id as id,
        unnest(['week', 'month', 'quarter', 'year']) as period_grain,
        article_count
    from dated_authors
),

counted as (
    select
        'coverage_by_topic_over_time' as mart,
        topic_id as id,
        period_grain,
        cast(sum(article_count) as bigint) as article_count
    from marts.coverage_by_topic_over_time
    group by topic_id, period_grain
    union all
    select
        'provider_over_time' as mart,
        provider_id as id,
        period_grain,
        cast(sum(article_count) as bigint) as article_count
    from marts.provider_over_time
    group by provider_id, period_grain
    union all
    select
        'author_over_time' as mart,
        author_id as id,
        period_grain,
        cast(sum(article_count) as bigint) as article_count
    from marts.author_over_time
    group by author_id, period_grain
)

select
    coalesce(counted.mart, expected.mart) as mart,
    coalesce(counted.id, expected.id) as id,
    coalesce(counted.period_grain, expected.period_grain) as period_grain,
    counted.article_count,
    expected.article_count as expected_article_count
from counted
full join expected
    on expected.mart = counted.mart
    and expected.id = counted.id
    and expected.period_grain = counted.period_grain
where
    counted.article_count is distinct from expected.article_count
    and not (
        counted.mart is null
        and expected.mart = 'coverage_by_topic_over_time'
        and expected.period_grain <> 'year'
    )
