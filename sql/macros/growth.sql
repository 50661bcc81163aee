-- Change in the coverage of each topic between two windows of days, largest growth first.
--
-- The windows end on the day of the last article, so that they have articles even if the corpus was collected
-- long ago; those of marts.coverage_by_topic end on as_of_date.
--
-- Grain: a topic with articles in the last window or in the one before.
-- Parameters:
--   days = 365: Length of each of the two windows, in days.
-- Columns:
--   topic
--   article_count: Articles of the last window, which ends with the latest calendar_date of an article.
--   previous_article_count: Articles of the window before, of the same length.
--   article_count_change: Change from previous_article_count to article_count.
--   growth_share?: The change as a share of previous_article_count; NULL if there were none before.
--   provider_count [provider]: Distinct providers of the articles of the last window.
--   previous_provider_count [provider]: Distinct providers of the articles of the window before.
--   topic_id
with latest as (
    select max(calendar_date) as latest_date
    from core.articles
),

windowed as (
    select
        links.topic_id,
        articles.provider_id,
        articles.calendar_date > latest.latest_date - cast(days as integer) as is_recent
    from core.articles as articles
    cross join latest
    inner join core.article_topics as links on links.document_id = articles.document_id
    where articles.calendar_date > latest.latest_date - 2 * cast(days as integer)
),

counts as (
    select
        topic_id,
        count(*) filter (where is_recent) as article_count,
        count(*) filter (where not is_recent) as previous_article_count,
        count(distinct provider_id) filter (where is_recent) as provider_count,
        count(distinct provider_id) filter (where not is_recent) as previous_provider_count
    from windowed
    group by topic_id
)

select
    names.topic,
    counts.article_count,
    counts.previous_article_count,
    counts.article_count - counts.previous_article_count as article_count_change,
    article_count_change / nullif(counts.previous_article_count, 0) as growth_share,
    counts.provider_count,
    counts.previous_provider_count,
    counts.topic_id
from counts
inner join core.dim_topics as names on names.topic_id = counts.topic_id
order by article_count_change desc, counts.article_count desc, counts.topic_id
