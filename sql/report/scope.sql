-- Scope of the report: its day, the span of its charts, the length of their periods, and the articles outside
-- of them.
--
-- Charts begin where all but the first hundredth of the dated articles begin, so that one very old article
-- does not squeeze all others into a corner. They end on reference_date, as do the compared windows:
-- as_of_date if an article was published shortly before it, otherwise the day of the last article.
--
-- Grain: the report; always one row.
-- Key: as_of_date
-- Columns:
--   as_of_date
--   frontmart_version
--   preset
--   features
--   first_date?: The day on which charts begin, the first percentile of calendar_date; NULL if no article has
--     a calendar_date.
--   last_article_date?: Latest calendar_date of an article; NULL if no article has one.
--   reference_date?: The day on which windows end: last_article_date if is_stale, otherwise as_of_date; NULL
--     if no article has a calendar_date.
--   is_stale: Whether no article was published in the two windows before as_of_date, or of a site in the last
--     one, so that windows end earlier.
--   period_grain: Length of a period in charts, by the span of the dates: week, month, quarter or year.
--   window_days: Length of each compared window, by the grain: 7, 28, 90 or 365 days.
--   article_count: Articles.
--   published_article_count: Of these articles, those with `published: true`.
--   with_image_article_count: Of these articles, those with at least one image that has a URL.
--   undated_article_count: Articles without a calendar_date, which are in no chart over time.
--   early_article_count: Articles before first_date, which are in no chart over time.
--   cluster_count: Clusters.
--   shared_cluster_count: Clusters of several articles.
--   topic_count: Topics of at least one article.
--   provider_count: Providers of at least one article.
--   without_provider_article_count: Articles without a provider.
--   without_topic_article_count: Articles without a topic.
--   author_count: Authors of at least one article.
--   without_author_article_count: Articles without an author.
--   related_item_count: Related items that the articles list.
--   topic_pair_count: Pairs of topics that share at least one article.
with dated as (
    select
        count(calendar_date) as dated_article_count,
        quantile_disc(calendar_date, 0.01) as first_date,
        max(calendar_date) as last_article_date
    from core.articles
),

lengths as (
    select
        dated_article_count,
        first_date,
        last_article_date,
        case
            when last_article_date - first_date <= 180 then 'week'
            when last_article_date - first_date <= 2000 then 'month'
            when last_article_date - first_date <= 6000 then 'quarter'
            when first_date is not null then 'year'
            else 'month'
        end as period_grain
    from dated
),

windows as (
    select
        lengths.first_date,
        lengths.last_article_date,
        lengths.period_grain,
        case lengths.period_grain
            when 'week' then 7
            when 'month' then 28
            when 'quarter' then 90
            else 365
        end as window_days,
        build.as_of_date,
        build.frontmart_version,
        build.preset,
        build.features
    from lengths
    cross join staging.build as build
),

anchored as (
    select
        first_date,
        last_article_date,
        period_grain,
        window_days,
        as_of_date,
        frontmart_version,
        preset,
        features,
        -- A site publishes less often than a collection of news, and zeros say nothing about it.
        coalesce(
            last_article_date <= as_of_date - if(preset = 'generic', 1, 2) * window_days, false
        ) as is_stale
    from windows
),

totals as (
    select
        count(*) as article_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(*) filter (where articles.has_image) as with_image_article_count,
        count(*) filter (where articles.calendar_date is null) as undated_article_count,
        count(*) filter (where articles.calendar_date < lengths.first_date) as early_article_count,
        count(*) filter (where articles.provider_id is null) as without_provider_article_count,
        count(*) filter (where articles.topic_count = 0) as without_topic_article_count,
        cast(coalesce(sum(articles.related_count), 0) as bigint) as related_item_count,
        count(distinct articles.provider_id) as provider_count
    from core.articles as articles
    cross join lengths
),

authors as (
    select
        count(distinct author_id) as author_count,
        count(distinct document_id) as authored_article_count
    from core.article_authors
),

clusters as (
    select
        count(*) as cluster_count,
        count(*) filter (where article_count > 1) as shared_cluster_count
    from core.clusters
)

select
    anchored.as_of_date,
    anchored.frontmart_version,
    anchored.preset,
    anchored.features,
    anchored.first_date,
    anchored.last_article_date,
    case
        when anchored.is_stale then anchored.last_article_date
        when anchored.last_article_date is not null then anchored.as_of_date
    end as reference_date,
    anchored.is_stale,
    anchored.period_grain,
    anchored.window_days,
    totals.article_count,
    totals.published_article_count,
    totals.with_image_article_count,
    totals.undated_article_count,
    totals.early_article_count,
    clusters.cluster_count,
    clusters.shared_cluster_count,
    (select count(*) from marts.coverage_by_topic) as topic_count,
    totals.provider_count,
    totals.without_provider_article_count,
    totals.without_topic_article_count,
    authors.author_count,
    totals.article_count - authors.authored_article_count as without_author_article_count,
    totals.related_item_count,
    (select count(*) from marts.topic_pairs) as topic_pair_count
from anchored
cross join totals
cross join authors
cross join clusters
