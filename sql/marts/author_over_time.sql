-- Output of each author over time: by week, month, quarter and year.
--
-- A period without an article of the author has no row, because there may be very many authors, most of whom
-- write rarely; join core.date_periods to see the gaps. Articles without a calendar_date are in no period. An
-- article counts once for each of its authors, so article_count must not be summed over authors.
--
-- Grain: an author, a period grain and a period with an article of the author.
-- Key: author_id, period_grain, period_start_date
-- References: author_id in marts.author_report
-- Needs: authors
-- Columns:
--   author_id
--   author_name
--   period_grain
--   period_start_date
--   period_end_date
--   is_period_complete
--   article_count: Articles of the author in the period; at least 1.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   published_article_count: Of these articles, those that are published; with the preset `generic`, all but
--     drafts.
--   shared_article_count: Of these articles, those with other authors.
--   article_share: Share (0..1) of all articles published in the period, including those without an author.
--   previous_article_count: Articles of the author in the period just before; 0 if there are none.
--   growth_share?: Change from the period just before, as a share of its count; NULL if there were none.
--   cumulative_article_count: Articles from the author's first period to the end of this one.
with dated_articles as (
    select
        articles.document_id,
        articles.event_id,
        articles.is_news,
        articles.is_published,
        periods.period_grain,
        periods.period_start_date,
        periods.period_end_date,
        periods.is_period_complete
    from core.articles as articles
    inner join core.date_periods as periods on periods.calendar_date = articles.calendar_date
),

measures as (
    select
        authors.author_id,
        articles.period_grain,
        articles.period_start_date,
        articles.period_end_date,
        articles.is_period_complete,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(distinct articles.event_id) as event_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(*) filter (where authors.author_count > 1) as shared_article_count
    from dated_articles as articles
    inner join core.article_authors as authors on authors.document_id = articles.document_id
    group by
        authors.author_id,
        articles.period_grain,
        articles.period_start_date,
        articles.period_end_date,
        articles.is_period_complete
),

ordered as (
    select
        author_id,
        period_grain,
        period_start_date,
        period_end_date,
        is_period_complete,
        article_count,
        news_article_count,
        event_count,
        published_article_count,
        shared_article_count,
        lag(article_count) over periods as last_article_count,
        lag(period_end_date) over periods = period_start_date - 1 as is_consecutive,
        sum(article_count) over periods as cumulative_article_count
    from measures
    window periods as (partition by author_id, period_grain order by period_start_date)
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
    ordered.author_id,
    names.author_name,
    ordered.period_grain,
    ordered.period_start_date,
    ordered.period_end_date,
    ordered.is_period_complete,
    ordered.article_count,
    ordered.news_article_count,
    ordered.event_count,
    ordered.published_article_count,
    ordered.shared_article_count,
    ordered.article_count / totals.article_count as article_share,
    if(ordered.is_consecutive, ordered.last_article_count, 0) as previous_article_count,
    case
        when ordered.is_consecutive
            then (ordered.article_count - ordered.last_article_count) / ordered.last_article_count
    end as growth_share,
    cast(ordered.cumulative_article_count as bigint) as cumulative_article_count
from ordered
inner join core.dim_authors as names on names.author_id = ordered.author_id
inner join totals
    on totals.period_grain = ordered.period_grain
    and totals.period_start_date = ordered.period_start_date
