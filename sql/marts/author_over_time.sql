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
--   published_article_count: Of these articles, those that are published; with the preset `generic`, all but
--     drafts.
--   shared_article_count: Of these articles, those with other authors.
--   topic_count [topics]: Distinct topics of these articles. Never sum this over periods.
--   article_share: Share (0..1) of all articles published in the period, including those without an author.
--   previous_article_count: Articles of the author in the period just before; 0 if there are none.
--   growth_share?: Change from the period just before, as a share of its count; NULL if there were none.
--   cumulative_article_count: Articles from the author's first period to the end of this one.
with dated_articles as (
    select
        articles.document_id,
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

topic_counts as (
    select
        authors.author_id,
        articles.period_grain,
        articles.period_start_date,
        count(distinct topics.topic_id) as topic_count
    from dated_articles as articles
    inner join core.article_authors as authors on authors.document_id = articles.document_id
    inner join core.article_topics as topics on topics.document_id = articles.document_id
    group by authors.author_id, articles.period_grain, articles.period_start_date
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
    measures.author_id,
    names.author_name,
    measures.period_grain,
    measures.period_start_date,
    measures.period_end_date,
    measures.is_period_complete,
    measures.article_count,
    measures.published_article_count,
    measures.shared_article_count,
    coalesce(topic_counts.topic_count, 0) as topic_count,
    measures.article_count / totals.article_count as article_share,
    coalesce(before.article_count, 0) as previous_article_count,
    (measures.article_count - before.article_count) / before.article_count as growth_share,
    cast(
        sum(measures.article_count) over (
            partition by measures.author_id, measures.period_grain order by measures.period_start_date
        ) as bigint
    ) as cumulative_article_count
from measures
inner join core.dim_authors as names on names.author_id = measures.author_id
inner join totals
    on totals.period_grain = measures.period_grain
    and totals.period_start_date = measures.period_start_date
left join topic_counts
    on topic_counts.author_id = measures.author_id
    and topic_counts.period_grain = measures.period_grain
    and topic_counts.period_start_date = measures.period_start_date
left join measures as before
    on before.author_id = measures.author_id
    and before.period_grain = measures.period_grain
    and before.period_end_date = measures.period_start_date - 1
