-- Coverage of each topic over time: by week, month, quarter and year, without gaps.
--
-- A series runs from the period of the topic's first article to the period of as_of_date, or of the topic's
-- last article if that is a day later; periods without an article have zeros. Articles without a
-- calendar_date are in no period.
--
-- Grain: a topic, a period grain and a period.
-- Key: topic_id, period_grain, period_start_date
-- References: topic_id in marts.coverage_by_topic
-- Needs: topics
-- Columns:
--   topic_id
--   topic
--   period_grain
--   period_start_date
--   period_end_date
--   is_period_complete
--   article_count: Articles with the topic published in the period; 0 if there are none.
--   published_article_count: Of these articles, those with `published: true`.
--   cluster_count [related]: Distinct clusters of these articles. A cluster may span periods: never sum this
--     over periods.
--   provider_count [provider]: Distinct providers of these articles. Never sum this over periods.
--   video_count [videos]: Of these articles, those that are videos.
--   mean_heat? [scores]: Mean heat of the articles of the period with a heat; NULL if none has one.
--   mean_quality? [scores]: Mean quality of the articles of the period with a quality; NULL if none has one.
--   article_share?: Share (0..1) of all articles published in the period that have the topic; NULL if no
--     article was published in it.
--   previous_article_count?: Articles with the topic in the period before; NULL in the topic's first period.
--   growth_share?: Change from the period before, as a share of its count; NULL in the topic's first period
--     and if there were none before.
--   cumulative_article_count: Articles from the topic's first period to the end of this one.
with dated_articles as (
    select
        document_id,
        cluster_id,
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
        count(distinct articles.cluster_id) as cluster_count,
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
        coalesce(measures.cluster_count, 0) as cluster_count,
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
    filled.cluster_count,
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
