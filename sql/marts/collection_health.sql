-- How evenly the corpus was collected: news, providers, tags and images by month, with the months at which
-- one of them broke. Read all growth against it: a source that starts to tag, or a provider that joins, moves
-- every number.
--
-- A break is a month at which a measure leaves the level of the months before, be it collection or news. Its
-- base is the complete months (is_period_complete) of the 6 before, at least 3; for a share, those in which
-- it is not NULL. A measure breaks if it is (1) far: at least twice or at most half the median of the base
-- for a count, at least 0.2 from it for a share; (2) new: above the highest or below the lowest of the base;
-- and (3) no chance: for a count c and the median m of the base, abs(c - m) >= 4 * sqrt(c + m); for a share p
-- = x / n of the month and q = X / N of all months of the base together, abs(p - q) >= 4 * sqrt(r * (1 - r) *
-- (1 / n + 1 / N)), where r = (x + X) / (n + N), n and N being at least 10. Counts of an incomplete month do
-- not break; shares may.
--
-- Grain: a month from that of first_article_date to that of last_article_date of core.corpus_dates, of months
--   without articles too; articles count by calendar_date.
-- Key: period_start_date
-- References: top_provider_id in core.dim_providers
-- Order: period_start_date desc
-- Columns:
--   period_start_date: First day of the month (UTC).
--   period_end_date: Last day of the month (UTC).
--   is_period_complete: Whether the month begins on or after first_article_date of core.corpus_dates and ends
--     on or before last_article_date.
--   article_count: Articles of the month, of all kinds.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once a month however many report it.
--     Articles that are no news are in none.
--   provider_count [provider]: Distinct providers of the news; articles without a provider add none.
--   new_provider_count [provider]: Of these providers, those without news in an earlier month, inside the
--     calendar.
--   tagged_article_count [topics]: News that is in core.tagged_articles: with 1 to 100 topics that are not
--     omnipresent.
--   tagged_share? [topics]: Share (0..1) of the news that is so tagged; NULL without news.
--   article_with_image_count: News with at least one image that has a URL.
--   image_coverage_share? [images]: Share (0..1) of the news with such an image; NULL without news.
--   provided_article_count [provider]: News with a provider.
--   top_provider_id? [provider]: The provider of most of the news, the first by id of several; NULL if none
--     has a provider.
--   top_provider_name? [provider]: Name of top_provider_id.
--   top_provider_share? [provider]: Share (0..1) of the news with a provider that is from top_provider_id.
--   is_break: Whether at least one measure broke.
--   break_reason?: Which measures broke, and from which median of the base to which value, separated by `; `
--     in this order: news articles (news_article_count), providers (provider_count), tagged (tagged_share),
--     with image (image_coverage_share), top provider (top_provider_share); such as `news articles from 4.5
--     to 105` or `tagged from 4 to 41 percent`, where percentages are rounded to whole ones. NULL if none
--     broke.
--   undated_article_count: Articles of the corpus without a calendar_date, which are in no month; the same in
--     each row.
--   undated_article_share: Share (0..1) of all articles of the corpus without a calendar_date; the same in
--     each row.
with months as (
    select
        cast(month as date) as period_start_date,
        last_day(month) as period_end_date,
        period_start_date >= first_article_date and period_end_date <= last_article_date as is_period_complete
    from (
        select
            first_article_date,
            last_article_date,
            unnest(generate_series(
                date_trunc('month', first_article_date),
                date_trunc('month', last_article_date),
                interval 1 month
            )) as month
        from core.corpus_dates
        where first_article_date is not null
    )
),

news as (
    select
        document_id,
        cast(date_trunc('month', calendar_date) as date) as period_start_date,
        event_id,
        provider_id,
        has_image
    from core.articles
    where is_news and calendar_date is not null
),

articles as (
    select
        cast(date_trunc('month', calendar_date) as date) as period_start_date,
        count(*) as article_count
    from core.articles
    where calendar_date is not null
    group by all
),

undated as (
    select
        count(*) filter (where calendar_date is null) as article_count,
        count(*) as total
    from core.articles
),

news_counts as (
    select
        news.period_start_date,
        count(*) as news_article_count,
        count(distinct news.event_id) as event_count,
        count(tagged.document_id) as tagged_article_count,
        count(*) filter (where news.has_image) as article_with_image_count
    from news
    left join core.tagged_articles as tagged on tagged.document_id = news.document_id
    group by news.period_start_date
),

provider_months as (
    select
        provider_id,
        period_start_date,
        count(*) as article_count,
        row_number() over (partition by provider_id order by period_start_date) = 1 as is_new
    from news
    where provider_id is not null
    group by provider_id, period_start_date
),

provider_counts as (
    select
        period_start_date,
        count(*) as provider_count,
        count(*) filter (where is_new) as new_provider_count,
        cast(sum(article_count) as bigint) as provided_article_count,
        first(provider_id order by article_count desc, provider_id) as top_provider_id,
        max(article_count) as top_provider_article_count
    from provider_months
    group by period_start_date
),

counts as (
    select
        months.period_start_date,
        months.period_end_date,
        months.is_period_complete,
        coalesce(articles.article_count, 0) as article_count,
        coalesce(news_counts.news_article_count, 0) as news_article_count,
        coalesce(news_counts.event_count, 0) as event_count,
        coalesce(provider_counts.provider_count, 0) as provider_count,
        coalesce(provider_counts.new_provider_count, 0) as new_provider_count,
        coalesce(news_counts.tagged_article_count, 0) as tagged_article_count,
        coalesce(news_counts.article_with_image_count, 0) as article_with_image_count,
        coalesce(provider_counts.provided_article_count, 0) as provided_article_count,
        provider_counts.top_provider_id,
        coalesce(provider_counts.top_provider_article_count, 0) as top_provider_article_count
    from months
    left join articles on articles.period_start_date = months.period_start_date
    left join news_counts on news_counts.period_start_date = months.period_start_date
    left join provider_counts on provider_counts.period_start_date = months.period_start_date
),

-- One row a measure; the whole is NULL for a count.
measures as (
    select
        period_start_date,
        is_period_complete,
        unnest([1, 2, 3, 4, 5]) as place,
        unnest(['news articles', 'providers', 'tagged', 'with image', 'top provider']) as measure,
        unnest([
            news_article_count,
            provider_count,
            tagged_article_count,
            article_with_image_count,
            top_provider_article_count
        ]) as part,
        unnest([null, null, news_article_count, news_article_count, provided_article_count]) as whole
    from counts
),

measured as (
    select
        *,
        whole is not null as is_share,
        if(whole is null, part, part / nullif(whole, 0)) as value
    from measures
),

bases as (
    select
        *,
        median(value) filter (where is_period_complete) over six_before as base,
        min(value) filter (where is_period_complete) over six_before as lowest,
        max(value) filter (where is_period_complete) over six_before as highest,
        count(value) filter (where is_period_complete) over six_before as base_month_count,
        sum(part) filter (where is_period_complete) over six_before as base_part,
        sum(whole) filter (where is_period_complete) over six_before as base_whole
    from measured
    window six_before as (
        partition by place
        order by period_start_date
        rows between 6 preceding and 1 preceding
    )
),

breaks as (
    select
        period_start_date,
        string_agg(
            measure || if(
                is_share,
                ' from ' || floor(100 * base + 0.5)::bigint
                || ' to ' || floor(100 * value + 0.5)::bigint || ' percent',
                ' from ' || regexp_replace(base::varchar, '\.0$', '') || ' to ' || value::bigint
            ),
            '; '
            order by place
        ) as break_reason
    from bases
    where
        base_month_count >= 3
        and (value > highest or value < lowest)
        and if(
            is_share,
            whole >= 10
            and base_whole >= 10
            and abs(value - base) >= 0.2
            and abs(value - base_part / base_whole) >= 4 * sqrt(
                (part + base_part) / (whole + base_whole)
                * (1 - (part + base_part) / (whole + base_whole))
                * (1 / whole + 1 / base_whole)
            ),
            is_period_complete
            and (value >= 2 * base or 2 * value <= base)
            and abs(value - base) >= 4 * sqrt(value + base)
        )
    group by period_start_date
)

select
    counts.period_start_date,
    counts.period_end_date,
    counts.is_period_complete,
    counts.article_count,
    counts.news_article_count,
    counts.event_count,
    counts.provider_count,
    counts.new_provider_count,
    counts.tagged_article_count,
    counts.tagged_article_count / nullif(counts.news_article_count, 0) as tagged_share,
    counts.article_with_image_count,
    counts.article_with_image_count / nullif(counts.news_article_count, 0) as image_coverage_share,
    counts.provided_article_count,
    counts.top_provider_id,
    providers.provider_name as top_provider_name,
    counts.top_provider_article_count / nullif(counts.provided_article_count, 0) as top_provider_share,
    breaks.break_reason is not null as is_break,
    breaks.break_reason,
    undated.article_count as undated_article_count,
    undated.article_count / undated.total as undated_article_share
from counts
cross join undated
left join breaks on breaks.period_start_date = counts.period_start_date
left join core.dim_providers as providers on providers.provider_id = counts.top_provider_id
