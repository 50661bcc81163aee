-- By month, with what a corpus without topics has too: there the mart lacks columns of topics.
-- One row of NULLs if there is none: Evidence keeps no table without rows.
with tagged as (
    select
        cast(date_trunc('month', calendar_date) as date) as period_start_date,
        count(*) as tagged_article_count
    from core.tagged_articles
    group by all
)

select
    months.period_start_date,
    months.is_period_complete,
    months.news_article_count,
    coalesce(tagged.tagged_article_count, 0) as tagged_article_count,
    months.article_with_image_count,
    months.is_break,
    months.break_reason
from (select 1) as always
left join marts.collection_health as months on true
left join tagged on tagged.period_start_date = months.period_start_date
