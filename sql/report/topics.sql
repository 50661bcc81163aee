-- The hundred topics with most articles, of which the first twelve are in the charts.
--
-- Grain: a topic.
-- Key: topic_rank
-- Columns:
--   topic_rank: Rank of the topic: 1 for the topic with most articles, ties going by topic_id.
--   topic_id
--   topic
--   article_count
--   article_share
--   cluster_count
--   provider_count
--   window_article_count: Of its articles, those of the last window; see report.windows.
--   previous_window_article_count: Of its articles, those of the window before.
--   top_provider_name
--   top_provider_share
--   last_published_at
with ranked as (
    select
        row_number() over (order by article_count desc, topic_id) as topic_rank,
        topic_id,
        topic,
        article_count,
        article_share,
        cluster_count,
        provider_count,
        top_provider_name,
        top_provider_share,
        last_published_at
    from marts.coverage_by_topic
    qualify topic_rank <= 100
),

counts as (
    select
        topics.topic_id,
        count(*) filter (where windows.window_number = 0) as window_article_count,
        count(*) filter (where windows.window_number = 1) as previous_window_article_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    inner join report.windows as windows
        on articles.calendar_date between windows.first_date and windows.last_date
    group by topics.topic_id
)

select
    ranked.topic_rank,
    ranked.topic_id,
    ranked.topic,
    ranked.article_count,
    ranked.article_share,
    ranked.cluster_count,
    ranked.provider_count,
    coalesce(counts.window_article_count, 0) as window_article_count,
    coalesce(counts.previous_window_article_count, 0) as previous_window_article_count,
    ranked.top_provider_name,
    ranked.top_provider_share,
    ranked.last_published_at
from ranked
left join counts on counts.topic_id = ranked.topic_id
