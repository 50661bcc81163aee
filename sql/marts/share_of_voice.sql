-- Share of voice: how much of the news of a period is from each organisation, over all topics and by topic.
--
-- The base is news with an organisation and a calendar_date. Only the 30 topics with most of that news, ties
-- going to the first by id, omnipresent topics left out, and in each period and topic only the 20
-- organisations with most news, ties going to the first by id, have rows; shares count all. Weeks are too
-- short for such shares.
--
-- Grain: a period, a topic, `(all)` for all news, and an organisation.
-- Key: period_grain, period_start_date, topic_id, organisation_id
-- References: organisation_id in marts.organisation_report
-- Order: period_grain, period_start_date desc, topic_id, voice_rank
-- Needs: provider
-- Columns:
--   period_grain: Length of the period: month, quarter or year. Sum within one grain only.
--   period_start_date: First day of the period (UTC).
--   period_end_date
--   is_period_complete
--   topic_id: The topic; `(all)` for all news, with a topic or without.
--   topic: Spelling of the topic that most documents use; `(all)` for all news.
--   organisation_id: The organisation.
--   organisation_name
--   is_platform
--   is_omnipresent
--   voice_rank: Rank of the organisation in the period and topic by news_article_count, ties going by
--     organisation_id.
--   news_article_count: News articles of the organisation in the period, with the topic.
--   original_article_count: Of these articles, those that are no copies, see core.syndication.
--   news_article_share: Share (0..1) of the news articles of all organisations, with the topic.
--   original_article_share?: The same without copies; NULL if all are copies.
--   news_article_share_without_omnipresent?: Share (0..1) of the news articles of the organisations that are
--     not omnipresent, see core.dim_organisations; NULL for one that is.
--   original_article_share_without_omnipresent?: The same without copies; NULL for one that is omnipresent,
--     and if all are copies.
with news as (
    select
        articles.document_id,
        articles.organisation_id,
        articles.is_syndicated,
        dates.month_start_date,
        dates.quarter_start_date,
        dates.year_start_date
    from core.articles as articles
    inner join core.dim_dates as dates on dates.calendar_date = articles.calendar_date
    where articles.is_news and articles.organisation_id is not null
),

topics as (
    select
        topics.topic_id,
        topics.topic
    from core.article_topics as links
    inner join news on news.document_id = links.document_id
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where not topics.is_omnipresent
    group by topics.topic_id, topics.topic
    order by count(*) desc, topics.topic_id
    limit 30
),

monthly as (
    select
        news.month_start_date,
        news.quarter_start_date,
        news.year_start_date,
        links.topic_id,
        news.organisation_id,
        count(*) as news_article_count,
        count(*) filter (where not news.is_syndicated) as original_article_count
    from core.article_topics as links
    inner join topics on topics.topic_id = links.topic_id
    inner join news on news.document_id = links.document_id
    group by all
    union all
    select
        month_start_date,
        quarter_start_date,
        year_start_date,
        '(all)' as topic_id,
        organisation_id,
        count(*) as news_article_count,
        count(*) filter (where not is_syndicated) as original_article_count
    from news
    group by all
),

spread as (
    select
        unnest(['month', 'quarter', 'year']) as period_grain,
        unnest([month_start_date, quarter_start_date, year_start_date]) as period_start_date,
        topic_id,
        organisation_id,
        news_article_count,
        original_article_count
    from monthly
),

counted as (
    select
        spread.period_grain,
        spread.period_start_date,
        spread.topic_id,
        spread.organisation_id,
        organisations.is_omnipresent,
        cast(sum(spread.news_article_count) as bigint) as news_article_count,
        cast(sum(spread.original_article_count) as bigint) as original_article_count
    from spread
    inner join core.dim_organisations as organisations
        on organisations.organisation_id = spread.organisation_id
    group by all
),

ranked as (
    select
        period_grain,
        period_start_date,
        topic_id,
        organisation_id,
        news_article_count,
        original_article_count,
        row_number() over (
            partition by period_grain, period_start_date, topic_id
            order by news_article_count desc, organisation_id
        ) as voice_rank,
        sum(news_article_count) over voice as all_news,
        sum(original_article_count) over voice as all_original,
        sum(news_article_count) filter (where not is_omnipresent) over voice as other_news,
        sum(original_article_count) filter (where not is_omnipresent) over voice as other_original
    from counted
    window voice as (partition by period_grain, period_start_date, topic_id)
),

periods as (
    select distinct
        period_grain,
        period_start_date,
        period_end_date,
        is_period_complete
    from core.date_periods
)

select
    ranked.period_grain,
    ranked.period_start_date,
    periods.period_end_date,
    periods.is_period_complete,
    ranked.topic_id,
    coalesce(topics.topic, '(all)') as topic,
    ranked.organisation_id,
    organisations.organisation_name,
    organisations.is_platform,
    organisations.is_omnipresent,
    ranked.voice_rank,
    ranked.news_article_count,
    ranked.original_article_count,
    ranked.news_article_count / ranked.all_news as news_article_share,
    ranked.original_article_count / nullif(ranked.all_original, 0) as original_article_share,
    if(organisations.is_omnipresent, null, ranked.news_article_count / ranked.other_news)
        as news_article_share_without_omnipresent,
    if(organisations.is_omnipresent, null, ranked.original_article_count / nullif(ranked.other_original, 0))
        as original_article_share_without_omnipresent
from ranked
inner join core.dim_organisations as organisations on organisations.organisation_id = ranked.organisation_id
inner join periods
    on periods.period_grain = ranked.period_grain
    and periods.period_start_date = ranked.period_start_date
left join topics on topics.topic_id = ranked.topic_id
where ranked.voice_rank <= 20
