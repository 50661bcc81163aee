-- How much more is written about each topic than before, those that grow most first.
--
-- The days are counted back from the last article, so that a corpus that was collected long ago is compared
-- with itself and not with silence; the windows of marts.coverage_by_topic end on as_of_date.
--
-- Grain: a topic with articles in the last days or in the same number of days before.
-- Parameters:
--   days = 365: How many days each of the two windows has.
-- Columns:
--   topic: The spelling that most documents use.
--   article_count: Articles published in the days that end with the last article of the corpus.
--   previous_article_count: Articles published in the same number of days before those.
--   article_count_change: The former less the latter.
--   growth_share?: The change as a share of the previous count; NULL where there were none before.
--   provider_count: Providers of the articles of the last days.
--   previous_provider_count: Providers of those before.
--   topic_id: Slug of the case-folded topic.
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
