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
with dated_articles as (
    select
        articles.document_id,
        articles.event_id,
        articles.cluster_id,
        articles.provider_id,
        articles.is_news,
        articles.is_syndicated,
        articles.is_published,
        articles.is_video,
        if(articles.is_news, articles.heat, null) as heat,
        if(articles.is_news, articles.quality, null) as quality,
        periods.period_grain,
        periods.period_start_date,
        periods.period_end_date,
        periods.is_period_complete
    from core.articles as articles
    inner join core.date_periods as periods on periods.calendar_date = articles.calendar_date
),

measures as (
    select
        provider_id,
        period_grain,
        period_start_date,
        period_end_date,
        is_period_complete,
        count(*) as article_count,
        count(*) filter (where is_news) as news_article_count,
        count(distinct event_id) as event_count,
        count(*) filter (where is_syndicated) as syndicated_article_count,
        count(*) filter (where is_published) as published_article_count,
        count(distinct cluster_id) as cluster_count,
        count(*) filter (where is_video) as video_count,
        score_mean(heat) as mean_heat,
        score_basis(heat) as heat_basis,
        score_mean(quality) as mean_quality,
        score_basis(quality) as quality_basis
    from dated_articles
    where provider_id is not null
    group by provider_id, period_grain, period_start_date, period_end_date, is_period_complete
),

topic_counts as (
    select
        articles.provider_id,
        articles.period_grain,
        articles.period_start_date,
        count(distinct topics.topic_id) as topic_count
    from dated_articles as articles
    inner join core.article_topics as topics on topics.document_id = articles.document_id
    where articles.provider_id is not null
    group by articles.provider_id, articles.period_grain, articles.period_start_date
),

totals as (
    select
        period_grain,
        period_start_date,
        count(*) as article_count
    from dated_articles
    group by period_grain, period_start_date
)

select
    measures.provider_id,
    names.organisation_id,
    names.provider_name,
    names.is_platform,
    measures.period_grain,
    measures.period_start_date,
    measures.period_end_date,
    measures.is_period_complete,
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
    coalesce(before.article_count, 0) as previous_article_count,
    (measures.article_count - before.article_count) / before.article_count as growth_share,
    cast(
        sum(measures.article_count) over (
            partition by measures.provider_id, measures.period_grain order by measures.period_start_date
        ) as bigint
    ) as cumulative_article_count
from measures
inner join core.dim_providers as names on names.provider_id = measures.provider_id
inner join totals
    on totals.period_grain = measures.period_grain
    and totals.period_start_date = measures.period_start_date
left join topic_counts
    on topic_counts.provider_id = measures.provider_id
    and topic_counts.period_grain = measures.period_grain
    and topic_counts.period_start_date = measures.period_start_date
left join measures as before
    on before.provider_id = measures.provider_id
    and before.period_grain = measures.period_grain
    and before.period_end_date = measures.period_start_date - 1
