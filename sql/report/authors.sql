-- The hundred authors with most articles, of which the first twelve are in the chart.
--
-- Grain: an author.
-- Key: author_rank
-- Columns:
--   author_rank: Rank of the author: 1 for the author with most articles, ties going by author_id.
--   author_id
--   author_name
--   article_count: Counted articles of the author, see report.scope.
--   article_share: Share (0..1) of the counted articles that the author wrote.
--   top_topic? [topics]: The topic with most of the author's articles, ties going to the first by id, without
--     omnipresent topics; NULL if there is none.
--   window_article_count: Of the author's articles, those of the last window; see report.windows.
--   previous_window_article_count: Of the author's articles, those of the window before.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest such published_at; NULL if there is none.
with counted as (
    select
        links.author_id,
        articles.document_id,
        if(articles.calendar_date is null, null, articles.published_at) as published_at,
        if(articles.days_before_window_end >= 0, articles.days_before_window_end // scope.window_days, null)
            as window_number,
        scope.article_count as all_count
    from core.article_authors as links
    inner join core.articles as articles on articles.document_id = links.document_id
    inner join report.scope as scope on scope.has_news = articles.is_news
),

ranked as (
    select
        author_id,
        count(*) as article_count,
        count(*) / min(all_count) as article_share,
        count(*) filter (where window_number = 0) as window_article_count,
        count(*) filter (where window_number = 1) as previous_window_article_count,
        min(published_at) as first_published_at,
        max(published_at) as last_published_at,
        row_number() over (order by count(*) desc, author_id) as author_rank
    from counted
    group by author_id
    qualify author_rank <= 100
),

topic_counts as (
    select
        counted.author_id,
        topics.topic_id,
        count(*) as article_count
    from counted
    inner join core.article_topics as topics on topics.document_id = counted.document_id
    where topics.topic_id not in (select topic_id from report.omnipresent_topics)
    group by counted.author_id, topics.topic_id
),

top_topics as (
    select
        author_id,
        first(topic_id order by article_count desc, topic_id) as topic_id
    from topic_counts
    group by author_id
)

select
    ranked.author_rank,
    ranked.author_id,
    names.author_name,
    ranked.article_count,
    ranked.article_share,
    topics.topic as top_topic,
    ranked.window_article_count,
    ranked.previous_window_article_count,
    ranked.first_published_at,
    ranked.last_published_at
from ranked
inner join core.dim_authors as names on names.author_id = ranked.author_id
left join top_topics on top_topics.author_id = ranked.author_id
left join core.dim_topics as topics on topics.topic_id = top_topics.topic_id
