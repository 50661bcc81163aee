-- What a report speaks of: its day, the span of its charts, how long their periods are, what falls outside.
--
-- Charts begin where all but the first hundredth of the dated articles begin, so that one article of long
-- ago does not press all others into a corner. They end on reference_date, and so do the windows that are
-- compared: as_of_date as long as something was published shortly before it, or else the day of the last
-- article.
--
-- Grain: the report; always one row.
-- Key: as_of_date
-- Columns:
--   as_of_date: The UTC day that the snapshot describes.
--   frontmart_version: The version of Frontmart that made the snapshot.
--   first_date?: The day on which charts begin; NULL where no article has a date in the calendar.
--   last_article_date?: The day of the last article by dates in the calendar; NULL where there is none.
--   reference_date?: The day that windows end on; NULL where no article has a date in the calendar.
--   is_stale: Whether nothing was published in the two windows before as_of_date, so that windows end
--     earlier.
--   period_grain: How long a period of a chart is: week, month, quarter or year, by the span of the dates.
--   window_days: How many days are compared with as many before them: 7, 28, 90 or 365, by the grain.
--   article_count: Articles.
--   published_article_count: Of these, the ones whose file says `published: true`.
--   undated_article_count: Articles without a date in the calendar, which stand in no chart over time.
--   early_article_count: Articles from before first_date, which stand in no chart over time either.
--   story_count: Stories that the articles tell.
--   shared_story_count: Of these, the ones that several articles tell.
--   topic_count: Topics that at least one article carries.
--   provider_count: Providers of at least one article.
--   without_provider_article_count: Articles without a provider.
--   without_topic_article_count: Articles without a topic.
--   related_item_count: Related items that the articles list.
--   topic_pair_count: Pairs of topics that at least one article carries both of.
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
        build.frontmart_version
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
        coalesce(last_article_date <= as_of_date - 2 * window_days, false) as is_stale
    from windows
),

totals as (
    select
        count(*) as article_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(*) filter (where articles.calendar_date is null) as undated_article_count,
        count(*) filter (where articles.calendar_date < lengths.first_date) as early_article_count,
        count(*) filter (where articles.provider_id is null) as without_provider_article_count,
        count(*) filter (where articles.topic_count = 0) as without_topic_article_count,
        cast(coalesce(sum(articles.related_count), 0) as bigint) as related_item_count,
        count(distinct articles.provider_id) as provider_count
    from core.articles as articles
    cross join lengths
),

stories as (
    select
        count(*) as story_count,
        count(*) filter (where article_count > 1) as shared_story_count
    from core.stories
)

select
    anchored.as_of_date,
    anchored.frontmart_version,
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
    totals.undated_article_count,
    totals.early_article_count,
    stories.story_count,
    stories.shared_story_count,
    (select count(*) from marts.coverage_by_topic) as topic_count,
    totals.provider_count,
    totals.without_provider_article_count,
    totals.without_topic_article_count,
    totals.related_item_count,
    (select count(*) from marts.topic_pairs) as topic_pair_count
from anchored
cross join totals
cross join stories
