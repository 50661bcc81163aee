-- How the coverage of each topic moves, week by week, month by month, quarter by quarter and year by year.
--
-- A series starts with the topic's first period and goes on to the period of as_of_date (or of the topic's
-- last article, if that is a day later), with zeros in between. Articles without a published date, or with
-- one outside the calendar of core.dim_dates, stand in no period.
--
-- Grain: a topic, a grain of time and a period.
-- Key: topic_id, period_grain, period_start_date
-- References: topic_id in marts.coverage_by_topic
-- Columns:
--   topic_id: Slug of the case-folded topic.
--   topic: The spelling that most documents use.
--   period_grain: How long the period is: week, month, quarter or year. Sum within one grain only.
--   period_start_date: First day of the period (UTC); a Monday for a week.
--   period_end_date: Last day of the period (UTC).
--   is_period_complete: Whether the period had ended by as_of_date; counts of the others will grow with
--     time alone.
--   article_count: Articles published in the period that carry the topic; 0 where there are none.
--   published_article_count: Of these, the ones whose file says `published: true`.
--   story_count: Stories that these articles tell. A story goes on over periods: never sum this over them.
--   provider_count: Providers of these articles. Never sum this over periods.
--   video_count: Of these articles, the ones that are videos.
--   mean_heat?: Mean heat over the articles of the period that have one; NULL where none has.
--   mean_quality?: Mean quality over the articles of the period that have one; NULL where none has.
--   article_share?: Share (0..1) of all articles published in the period that carry the topic; NULL where
--     no article at all was published in it.
--   previous_article_count?: Articles in the period before; NULL in the topic's first period.
--   growth_share?: Growth over the period before, as a share of it; NULL in the first period and where
--     there were none before.
--   cumulative_article_count: Articles from the topic's first period to the end of this one.
with dated_articles as (
    select
        document_id,
        story_id,
        provider_id,
        calendar_date,
        is_published,
        is_video,
        heat,
        quality
    from core.articles
    where calendar_date is not null
),

periods as (
    select distinct
        period_grain,
        period_start_date,
        period_end_date,
        is_period_complete
    from core.date_periods
),

spans as (
    select
        topics.topic_id,
        min(articles.calendar_date) as first_date,
        greatest(max(articles.calendar_date), max(build.as_of_date)) as last_date
    from core.article_topics as topics
    inner join dated_articles as articles on articles.document_id = topics.document_id
    cross join staging.build as build
    group by topics.topic_id
),

series as (
    select
        spans.topic_id,
        periods.period_grain,
        periods.period_start_date,
        periods.period_end_date,
        periods.is_period_complete
    from spans
    inner join periods
        on periods.period_end_date >= spans.first_date and periods.period_start_date <= spans.last_date
),

measures as (
    select
        topics.topic_id,
        periods.period_grain,
        periods.period_start_date,
        count(*) as article_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(distinct articles.story_id) as story_count,
        count(distinct articles.provider_id) as provider_count,
        count(*) filter (where articles.is_video) as video_count,
        exact_mean(articles.heat) as mean_heat,
        exact_mean(articles.quality) as mean_quality
    from core.article_topics as topics
    inner join dated_articles as articles on articles.document_id = topics.document_id
    inner join core.date_periods as periods on periods.calendar_date = articles.calendar_date
    group by topics.topic_id, periods.period_grain, periods.period_start_date
),

totals as (
    select
        periods.period_grain,
        periods.period_start_date,
        count(*) as article_count
    from dated_articles as articles
    inner join core.date_periods as periods on periods.calendar_date = articles.calendar_date
    group by periods.period_grain, periods.period_start_date
),

filled as (
    select
        series.topic_id,
        series.period_grain,
        series.period_start_date,
        series.period_end_date,
        series.is_period_complete,
        coalesce(measures.article_count, 0) as article_count,
        coalesce(measures.published_article_count, 0) as published_article_count,
        coalesce(measures.story_count, 0) as story_count,
        coalesce(measures.provider_count, 0) as provider_count,
        coalesce(measures.video_count, 0) as video_count,
        measures.mean_heat,
        measures.mean_quality,
        totals.article_count as total_article_count
    from series
    left join measures
        on measures.topic_id = series.topic_id
        and measures.period_grain = series.period_grain
        and measures.period_start_date = series.period_start_date
    left join totals
        on totals.period_grain = series.period_grain
        and totals.period_start_date = series.period_start_date
)

select
    filled.topic_id,
    names.topic,
    filled.period_grain,
    filled.period_start_date,
    filled.period_end_date,
    filled.is_period_complete,
    filled.article_count,
    filled.published_article_count,
    filled.story_count,
    filled.provider_count,
    filled.video_count,
    filled.mean_heat,
    filled.mean_quality,
    filled.article_count / filled.total_article_count as article_share,
    lag(filled.article_count) over earlier as previous_article_count,
    (filled.article_count - previous_article_count) / nullif(previous_article_count, 0) as growth_share,
    cast(sum(filled.article_count) over earlier as bigint) as cumulative_article_count
from filled
inner join core.dim_topics as names on names.topic_id = filled.topic_id
window earlier as (
    partition by filled.topic_id, filled.period_grain order by filled.period_start_date
)
