-- Scope of the report: its day, the articles that it is about, the span of its charts, the length of their
-- periods and of its windows, and the articles that lack something.
--
-- The report is about news. Only if no article is news is it about all articles: each query that counts
-- articles takes those whose is_news equals has_news. Windows and dates are those of core.corpus_dates, as in
-- the marts. Charts begin where all but the first hundredth of the dated articles begin, so that one very old
-- article does not squeeze all others into a corner.
--
-- Grain: the report; always one row.
-- Key: as_of_date
-- Columns:
--   as_of_date
--   frontmart_version
--   preset
--   features
--   has_news: Whether at least one article is news, so that the report is about news alone.
--   first_date?: The day on which charts begin, the first percentile of calendar_date; NULL if no counted
--     article has a calendar_date.
--   first_article_date
--   last_article_date
--   days_since_last_article
--   window_end_date
--   period_grain: Length of a period in charts, by the days from first_date to last_article_date: week up to
--     180, month up to 2,000, quarter up to 6,000, then year; month without a date.
--   window_days: Length of each compared window: 7 days for weeks, 28 for months, otherwise 90, which are the
--     windows of the marts.
--   all_article_count: Articles of all kinds.
--   article_count: Articles that the report is about: news, or all if none is news.
--   published_article_count: Of these articles, those with `published: true`.
--   with_image_article_count: Of these articles, those with at least one image that has a URL.
--   undated_article_count: Of these articles, those without a calendar_date, which are in no chart over time.
--   event_count: Events; 0 if no article is news.
--   shared_event_count: Events of several articles.
--   provider_count: Providers of at least one of these articles.
--   without_provider_article_count: Of these articles, those without a provider.
--   without_topic_article_count: Of these articles, those without a topic.
--   author_count: Authors of at least one of these articles.
--   without_author_article_count: Of these articles, those without an author.
with kinds as (
    select coalesce(bool_or(is_news), false) as has_news
    from core.articles
),

counted as (
    select articles.*
    from core.articles as articles
    inner join kinds on kinds.has_news = articles.is_news
),

lengths as (
    select
        quantile_disc(counted.calendar_date, 0.01) as first_date,
        count(*) as article_count,
        count(*) filter (where counted.is_published) as published_article_count,
        count(*) filter (where counted.has_image) as with_image_article_count,
        count(*) filter (where counted.calendar_date is null) as undated_article_count,
        count(*) filter (where counted.provider_id is null) as without_provider_article_count,
        count(*) filter (where counted.topic_count = 0) as without_topic_article_count,
        count(distinct counted.provider_id) as provider_count
    from counted
),

grains as (
    select
        case
            when dates.last_article_date - lengths.first_date <= 180 then 'week'
            when dates.last_article_date - lengths.first_date <= 2000 then 'month'
            when dates.last_article_date - lengths.first_date <= 6000 then 'quarter'
            when lengths.first_date is not null then 'year'
            else 'month'
        end as period_grain
    from lengths
    cross join core.corpus_dates as dates
),

authors as (
    select
        count(distinct authors.author_id) as author_count,
        count(distinct authors.document_id) as authored_article_count
    from core.article_authors as authors
    inner join counted on counted.document_id = authors.document_id
),

events as (
    select
        count(*) as event_count,
        count(*) filter (where article_count > 1) as shared_event_count
    from core.events
)

select
    build.as_of_date,
    build.frontmart_version,
    build.preset,
    build.features,
    kinds.has_news,
    lengths.first_date,
    dates.first_article_date,
    dates.last_article_date,
    dates.days_since_last_article,
    dates.window_end_date,
    grains.period_grain,
    case grains.period_grain when 'week' then 7 when 'month' then 28 else 90 end as window_days,
    (select count(*) from core.articles) as all_article_count,
    lengths.article_count,
    lengths.published_article_count,
    lengths.with_image_article_count,
    lengths.undated_article_count,
    events.event_count,
    events.shared_event_count,
    lengths.provider_count,
    lengths.without_provider_article_count,
    lengths.without_topic_article_count,
    authors.author_count,
    lengths.article_count - authors.authored_article_count as without_author_article_count
from staging.build as build
cross join core.corpus_dates as dates
cross join kinds
cross join lengths
cross join grains
cross join authors
cross join events
