-- The hundred authors with most articles, of which the first twelve are in the chart.
--
-- Grain: an author.
-- Key: author_rank
-- Columns:
--   author_rank: Rank of the author: 1 for the author with most articles, ties going by author_id.
--   author_id
--   author_name
--   article_count
--   article_share
--   co_author_count
--   top_topic
--   window_article_count: Of the author's articles, those of the last window; see report.windows.
--   previous_window_article_count: Of the author's articles, those of the window before.
--   first_published_at
--   last_published_at
with ranked as (
    select
        row_number() over (order by article_count desc, author_id) as author_rank,
        author_id,
        author_name,
        article_count,
        article_share,
        co_author_count,
        top_topic,
        first_published_at,
        last_published_at
    from marts.author_report
    qualify author_rank <= 100
),

counts as (
    select
        authors.author_id,
        count(*) filter (where windows.window_number = 0) as window_article_count,
        count(*) filter (where windows.window_number = 1) as previous_window_article_count
    from core.article_authors as authors
    inner join core.articles as articles on articles.document_id = authors.document_id
    inner join report.windows as windows
        on articles.calendar_date between windows.first_date and windows.last_date
    group by authors.author_id
)

select
    ranked.author_rank,
    ranked.author_id,
    ranked.author_name,
    ranked.article_count,
    ranked.article_share,
    ranked.co_author_count,
    ranked.top_topic,
    coalesce(counts.window_article_count, 0) as window_article_count,
    coalesce(counts.previous_window_article_count, 0) as previous_window_article_count,
    ranked.first_published_at,
    ranked.last_published_at
from ranked
left join counts on counts.author_id = ranked.author_id
