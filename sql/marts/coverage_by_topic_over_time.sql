-- Coverage of each topic over time: by week, month, quarter and year, without gaps.
--
-- A series runs from the period of the topic's first article to that of its last one; periods between without
-- an article have zeros. Articles without a calendar_date are in no period, nor are those later than
-- last_article_date of core.corpus_dates, such as an event to come: no period begins after that day.
--
-- A topic with few articles over many years has no series of the shorter grains: weeks, months and quarters
-- are left out where a series has more than 20 periods for each of its articles. Years are never left out.
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
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news are in none. An event may span periods: never sum this over periods.
--   published_article_count: Of these articles, those with `published: true`.
--   cluster_count [related]: Distinct clusters of these articles. A cluster may span periods: never sum this
--     over periods.
--   provider_count [provider]: Distinct providers of these articles. Never sum this over periods.
--   video_count [videos]: Of these articles, those that are videos.
--   heat_basis [scores]: Whether heat tells the news articles of the period apart: `varies`, `constant`, `too
--     few` or `none`, as in marts.coverage_by_topic.
--   mean_heat? [scores]: Mean heat of the news articles of the period with a heat; NULL unless heat_basis is
--     `varies`.
--   quality_basis [scores]: As heat_basis, of quality.
--   mean_quality? [scores]: Mean quality of the news articles of the period with a quality; NULL unless
--     quality_basis is `varies`.
--   article_share?: Share (0..1) of all articles published in the period that have the topic; NULL if no
--     article was published in it.
--   tagged_news_share?: Share (0..1) of the news articles of the period with at least one topic that have
--     this one; NULL if there are none. It does not grow because more articles have topics.
--   previous_article_count?: Articles with the topic in the period before; NULL in the topic's first period.
--   growth_share?: Change from the period before, as a share of its count; NULL in the topic's first period
--     and if there were none before.
--   cumulative_article_count: Articles from the topic's first period to the end of this one.
with repeated_clusters as (
    -- Few clusters have several articles: only these need to be told apart.
    select cluster_id
    from core.articles
    group by cluster_id
    having count(*) > 1
),

-- Numbers stand for long texts here, since each article is in four periods of each of its topics.
event_numbers as (
    select
        event_id,
        row_number() over (order by event_id) as event_number
    from core.articles
    where event_id is not null
    group by event_id
),

provider_numbers as (
    select
        provider_id,
        row_number() over (order by provider_id) as provider_number
    from core.articles
    where provider_id is not null
    group by provider_id
),

topic_numbers as (
    select
        topic_id,
        row_number() over (order by topic_id) as topic_number
    from core.article_topics
    group by topic_id
),

dated_articles as (
    select
        articles.document_id,
        clusters.cluster_id as repeated_cluster_id,
        events.event_number,
        providers.provider_number,
        articles.calendar_date,
        articles.is_news,
        articles.is_published,
        articles.is_video,
        articles.topic_count,
        if(articles.is_news, articles.heat, null) as heat,
        if(articles.is_news, articles.quality, null) as quality
    from core.articles as articles
    inner join core.corpus_dates as dates on articles.calendar_date <= dates.last_article_date
    left join repeated_clusters as clusters on clusters.cluster_id = articles.cluster_id
    left join event_numbers as events on events.event_id = articles.event_id
    left join provider_numbers as providers on providers.provider_id = articles.provider_id
),

topic_articles as (
    select
        topics.topic_number,
        articles.*
    from core.article_topics as article_topics
    inner join topic_numbers as topics on topics.topic_id = article_topics.topic_id
    inner join dated_articles as articles on articles.document_id = article_topics.document_id
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
        max(articles.calendar_date) as last_date,
        count(*) as article_count
    from topic_articles as articles
    inner join topic_numbers as topics on topics.topic_number = articles.topic_number
    group by topics.topic_id
),

lengths as (
    select
        topic_id,
        first_date,
        last_date,
        unnest(['week', 'month', 'quarter', 'year']) as period_grain,
        unnest([
            (date_trunc('week', last_date)::date - date_trunc('week', first_date)::date) // 7
            < 20 * article_count,
            date_diff('month', first_date, last_date) < 20 * article_count,
            date_diff('quarter', first_date, last_date) < 20 * article_count,
            true
        ]) as is_given
    from spans
),

series as (
    select
        lengths.topic_id,
        periods.period_grain,
        periods.period_start_date,
        periods.period_end_date,
        periods.is_period_complete
    from lengths
    inner join periods
        on periods.period_grain = lengths.period_grain
        and periods.period_end_date >= lengths.first_date
        and periods.period_start_date <= lengths.last_date
    where lengths.is_given
),

measures as (
    select
        articles.topic_number,
        periods.period_grain,
        periods.period_start_date,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(distinct articles.event_number) as event_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(*) filter (where articles.repeated_cluster_id is null)
        + count(distinct articles.repeated_cluster_id) filter (where articles.repeated_cluster_id is not null)
            as cluster_count,
        count(distinct articles.provider_number) as provider_count,
        count(*) filter (where articles.is_video) as video_count,
        score_basis(articles.heat) as heat_basis,
        score_mean(articles.heat) as mean_heat,
        score_basis(articles.quality) as quality_basis,
        score_mean(articles.quality) as mean_quality
    from topic_articles as articles
    inner join core.date_periods as periods on periods.calendar_date = articles.calendar_date
    group by articles.topic_number, periods.period_grain, periods.period_start_date
),

totals as (
    select
        periods.period_grain,
        periods.period_start_date,
        count(*) as article_count,
        count(*) filter (where articles.is_news and articles.topic_count > 0) as tagged_news_count
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
        coalesce(measures.news_article_count, 0) as news_article_count,
        coalesce(measures.event_count, 0) as event_count,
        coalesce(measures.published_article_count, 0) as published_article_count,
        coalesce(measures.cluster_count, 0) as cluster_count,
        coalesce(measures.provider_count, 0) as provider_count,
        coalesce(measures.video_count, 0) as video_count,
        coalesce(measures.heat_basis, 'none') as heat_basis,
        measures.mean_heat,
        coalesce(measures.quality_basis, 'none') as quality_basis,
        measures.mean_quality,
        totals.article_count as total_article_count,
        totals.tagged_news_count
    from series
    inner join topic_numbers as topics on topics.topic_id = series.topic_id
    left join measures
        on measures.topic_number = topics.topic_number
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
    filled.news_article_count,
    filled.event_count,
    filled.published_article_count,
    filled.cluster_count,
    filled.provider_count,
    filled.video_count,
    filled.heat_basis,
    filled.mean_heat,
    filled.quality_basis,
    filled.mean_quality,
    filled.article_count / filled.total_article_count as article_share,
    filled.news_article_count / nullif(filled.tagged_news_count, 0) as tagged_news_share,
    lag(filled.article_count) over earlier as previous_article_count,
    (filled.article_count - previous_article_count) / nullif(previous_article_count, 0) as growth_share,
    cast(sum(filled.article_count) over earlier as bigint) as cumulative_article_count
from filled
inner join core.dim_topics as names on names.topic_id = filled.topic_id
window earlier as (
    partition by filled.topic_id, filled.period_grain order by filled.period_start_date
)
