-- Articles by author and period. An article may have several authors: never sum this over authors.
--
-- Grain: an author in the chart, and a period with at least one article.
-- Key: author_rank, period_number
-- Columns:
--   author_rank: The author by report.authors, 1 to 12.
--   period_number: The period by report.periods; -1 for articles in none of them.
--   article_count: Counted articles of the author published in the period, see report.scope.
select
    authors.author_rank,
    coalesce(periods.period_number, -1) as period_number,
    count(*) as article_count
from core.article_authors as links
inner join report.authors as authors on authors.author_id = links.author_id and authors.author_rank <= 12
inner join core.articles as articles on articles.document_id = links.document_id
inner join report.scope as scope on scope.has_news = articles.is_news
left join report.periods as periods
    on articles.calendar_date between periods.period_start_date and periods.period_end_date
group by 1, 2
