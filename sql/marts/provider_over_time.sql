-- Coverage by each provider over time: by week, month, quarter and year.
--
-- A period without an article of the provider has no row, because there may be very many providers, most of
-- which publish rarely; join core.date_periods to see the gaps. Articles without a calendar_date are in no
-- period. An article counts once, whatever the number of its topics.
--
-- Grain: a provider, a period grain and a period in which the provider published.
-- Key: provider_id, period_grain, period_start_date
-- References: provider_id in marts.provider_report
-- Needs: provider
-- Columns:
--   provider_id: The provider: `domain/name-slug`.
--   organisation_id
--   provider_name
--   is_platform
--   period_grain
--   period_start_date
--   period_end_date
--   is_period_complete
--   article_count: Articles that the provider published in the period; at least 1.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none. Never sum this over periods.
--   syndicated_article_count: Of these articles, the copies, see core.syndication.
--   published_article_count: Of these articles, those with `published: true`.
--   cluster_count [related]: Distinct clusters of these articles. A cluster may span periods: never sum this
--     over periods.
--   topic_count [topics]: Distinct topics of these articles. Never sum this over periods.
--   video_count [videos]: Of these articles, those that are videos.
--   mean_heat? [scores]: Mean heat, a score of the source, of the news articles of the period with a heat;
--     NULL unless heat_basis is `varies`.
--   heat_basis [scores]: Whether these heat values tell the articles apart: `varies`, `constant` if all are
--     equal, `too few` if there is one only, `none`.
--   mean_quality? [scores]: Mean quality, a score of the source, of the news articles of the period with a
--     quality; NULL unless quality_basis is `varies`.
--   quality_basis [scores]: The same as heat_basis, for quality.
--   article_share: Share (0..1) of all articles published in the period, including those without a provider.
--   previous_article_count: Articles of the provider in the period just before; 0 if there are none.
--   growth_share?: Change from the period just before, as a share of its count; NULL if there were none.
--   cumulative_article_count: Articles from the provider's first period to the end of this one.
with providers as (
    -- Numbers stand for texts and periods here, since each article is in four periods.
    select
        provider_id,
        row_number() over (order by provider_id) as provider_number
    from core.articles
    where provider_id is not null
    group by provider_id
),

topics as (
    select
        topic_id,
        row_number() over (order by topic_id) as topic_number
    from core.article_topics
    group by topic_id
),

-- The periods of a grain have consecutive numbers.
periods as (
    select
        period_grain,
        period_start_date,
        period_end_date,
        is_period_complete,
        row_number() over (order by period_grain, period_start_date) as period_number
    from core.date_periods
    group by period_grain, period_start_date, period_end_date, is_period_complete
),

days as (
    select
        dates.calendar_date,
        periods.period_number
    from core.date_periods as dates
    inner join periods
        on periods.period_grain = dates.period_grain
        and periods.period_start_date = dates.period_start_date
),

-- Few providers have several articles on an event or in a cluster: only these need to be told apart.
repeated_events as (
    select
        provider_id,
        event_id
    from core.articles
    group by provider_id, event_id
    having count(*) > 1
),

repeated_clusters as (
    select
        provider_id,
        cluster_id
    from core.articles
    group by provider_id, cluster_id
    having count(*) > 1
),

articles as (
    select
        articles.document_id,
        providers.provider_number,
        articles.calendar_date,
        articles.event_id is not null as has_event,
        repeated_events.event_id as repeated_event_id,
        repeated_clusters.cluster_id as repeated_cluster_id,
        articles.is_news,
        articles.is_syndicated,
        articles.is_published,
        articles.is_video,
        if(articles.is_news, articles.heat, null) as heat,
        if(articles.is_news, articles.quality, null) as quality
    from core.articles as articles
    inner join providers on providers.provider_id = articles.provider_id
    left join repeated_events
        on repeated_events.provider_id = articles.provider_id
        and repeated_events.event_id = articles.event_id
    left join repeated_clusters
        on repeated_clusters.provider_id = articles.provider_id
        and repeated_clusters.cluster_id = articles.cluster_id
),

measures as (
    select
        articles.provider_number,
        days.period_number,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(*) filter (where articles.has_event and articles.repeated_event_id is null)
        + count(distinct articles.repeated_event_id) filter (where articles.repeated_event_id is not null)
            as event_count,
        count(*) filter (where articles.is_syndicated) as syndicated_article_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(*) filter (where articles.repeated_cluster_id is null)
        + count(distinct articles.repeated_cluster_id) filter (where articles.repeated_cluster_id is not null)
            as cluster_count,
        count(*) filter (where articles.is_video) as video_count,
        score_mean(articles.heat) as mean_heat,
        score_basis(articles.heat) as heat_basis,
        score_mean(articles.quality) as mean_quality,
        score_basis(articles.quality) as quality_basis
    from articles
    inner join days on days.calendar_date = articles.calendar_date
    group by articles.provider_number, days.period_number
),

topic_counts as (
    select
        articles.provider_number,
        days.period_number,
        count(distinct topics.topic_number) as topic_count
    from articles
    inner join core.article_topics as article_topics on article_topics.document_id = articles.document_id
    inner join topics on topics.topic_id = article_topics.topic_id
    inner join days on days.calendar_date = articles.calendar_date
    group by articles.provider_number, days.period_number
),

day_totals as (
    select
        calendar_date,
        count(*) as article_count
    from core.articles
    group by calendar_date
),

totals as (
    select
        days.period_number,
        sum(day_totals.article_count) as article_count
    from day_totals
    inner join days on days.calendar_date = day_totals.calendar_date
    group by days.period_number
)

select
    providers.provider_id,
    names.organisation_id,
    names.provider_name,
    names.is_platform,
    periods.period_grain,
    periods.period_start_date,
    periods.period_end_date,
    periods.is_period_complete,
    measures.article_count,
    measures.news_article_count,
    measures.event_count,
    measures.syndicated_article_count,
    measures.published_article_count,
    measures.cluster_count,
    coalesce(topic_counts.topic_count, 0) as topic_count,
    measures.video_count,
    measures.mean_heat,
    measures.heat_basis,
    measures.mean_quality,
    measures.quality_basis,
    measures.article_count / totals.article_count as article_share,
    -- The row before is that of the period before, unless the provider has no article in it.
    if(
        lag(measures.period_number) over earlier = measures.period_number - 1,
        lag(measures.article_count) over earlier,
        0
    ) as previous_article_count,
    (measures.article_count - previous_article_count) / nullif(previous_article_count, 0) as growth_share,
    cast(sum(measures.article_count) over earlier as bigint) as cumulative_article_count
from measures
inner join periods on periods.period_number = measures.period_number
inner join providers on providers.provider_number = measures.provider_number
inner join core.dim_providers as names on names.provider_id = providers.provider_id
inner join totals on totals.period_number = measures.period_number
left join topic_counts
    on topic_counts.provider_number = measures.provider_number
    and topic_counts.period_number = measures.period_number
window earlier as (
    partition by measures.provider_number, periods.period_grain order by measures.period_number
)
