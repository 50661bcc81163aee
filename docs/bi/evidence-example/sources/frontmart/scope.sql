-- What the report counts and the window that it compares, by the same rules: one row.
with counted as (
    select calendar_date, is_news
    from core.articles
    where is_news or not exists (select 1 from core.articles where is_news)
),

spans as (
    select
        coalesce(bool_or(is_news), false) as has_news,
        quantile_disc(calendar_date, 0.01) as first_date,
        count(*) as article_count,
        count(*) filter (where calendar_date is null) as undated_article_count
    from counted
),

totals as (
    select count(*) as article_count
    from core.articles
)

select
    dates.as_of_date,
    dates.first_article_date,
    dates.last_article_date,
    dates.window_end_date,
    strftime(dates.first_article_date, '%-d %b %Y') as first_article,
    strftime(dates.last_article_date, '%-d %b %Y') as last_article,
    strftime(dates.window_end_date, '%-d %b %Y') as window_end,
    case
        when spans.first_date is null then 28
        when dates.last_article_date - spans.first_date <= 180 then 7
        when dates.last_article_date - spans.first_date <= 2000 then 28
        else 90
    end as window_days,
    spans.has_news,
    if(spans.has_news and spans.article_count < totals.article_count, 'news articles', 'articles') as noun,
    if(spans.has_news and spans.article_count < totals.article_count, 'News articles', 'Articles') as title_noun,
    spans.article_count,
    spans.undated_article_count,
    totals.article_count as all_article_count
from core.corpus_dates as dates
cross join spans
cross join totals
