-- Output of each author: volume, topics, co-authors and growth.
--
-- An article counts once for each of its authors, so article_count must not be summed over authors. Articles
-- without an author have no row here, but count in the base of article_share. Windows of days end on
-- window_end_date of core.corpus_dates, inclusive, and count news by calendar_date; articles of other kinds
-- or without a calendar_date count in totals, but in no window.
--
-- Grain: an author of at least one article.
-- Key: author_id
-- References: author_id in core.dim_authors, top_topic_id in marts.coverage_by_topic
-- Order: article_count desc
-- Needs: authors
-- Columns:
--   author_id
--   author_name
--   author_url
--   article_count: Articles of the author, alone or with others.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   published_article_count: Of these articles, those that are published; with the preset `generic`, all but
--     drafts.
--   solo_article_count: Of these articles, those without another author.
--   shared_article_count: Of these articles, those with other authors.
--   co_author_count: Distinct other authors of the shared articles; articles of more than 100 authors do not
--     count.
--   topic_count [topics]: Distinct topics of these articles.
--   article_share: Share (0..1) of all articles, including those without an author.
--   authored_article_share: Share (0..1) of the articles with an author; over the authors these shares add up
--     to more than 1 if articles are shared.
--   image_coverage_share [images]: Share (0..1) of the articles with at least one image that has a URL.
--   first_published_at
--   last_published_at
--   days_before_window_end?: Days from the latest calendar_date of these articles to window_end_date of
--     core.corpus_dates: 0 on that day, negative if it is later; NULL if no article has a calendar_date.
--   last_7_days_article_count: News articles of the last 7 days of the corpus, window_end_date of
--     core.corpus_dates included.
--   previous_7_days_article_count: News articles of the 7 days before the last 7.
--   last_7_days_growth_share?: Change from the previous 7 days to the last 7, as a share of the previous: 1
--     means twice as many, -1 none; NULL if there were none before.
--   last_28_days_article_count: News articles of the last 28 days of the corpus, window_end_date of
--     core.corpus_dates included.
--   previous_28_days_article_count: News articles of the 28 days before the last 28.
--   last_28_days_growth_share?: Change from the previous 28 days to the last 28, as a share of the previous;
--     NULL if there were none before.
--   last_90_days_article_count: News articles of the last 90 days of the corpus, window_end_date of
--     core.corpus_dates included.
--   previous_90_days_article_count: News articles of the 90 days before the last 90.
--   last_90_days_growth_share?: Change from the previous 90 days to the last 90, as a share of the previous;
--     NULL if there were none before.
--   top_topic_id? [topics]: The topic of most of the articles, ties going to the first by id; NULL if no
--     article has a topic.
--   top_topic? [topics]: Spelling of top_topic_id that most documents use; NULL if no article has a topic.
--   top_topic_share? [topics]: Share (0..1) of the author's articles with top_topic_id; NULL if no
--     article has a topic.
--   topic_hhi? [topics]: Concentration (0..1) of topics, the Herfindahl-Hirschman index: the sum of the
--     squared shares of the topics in the pairs of article and topic, 1 for a single topic; NULL if no
--     article has a topic.
with totals as (
    select count(*) as article_count
    from core.articles
),

authored as (
    select count(distinct document_id) as article_count
    from core.article_authors
),

articles as (
    select
        document_id,
        event_id,
        is_news,
        is_published,
        has_image,
        days_before_window_end,
        if(is_news, days_before_window_end, null) as news_days
    from core.articles
),

measures as (
    select
        authors.author_id,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(distinct articles.event_id) as event_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(*) filter (where authors.author_count = 1) as solo_article_count,
        count(*) filter (where authors.author_count > 1) as shared_article_count,
        count(*) filter (where articles.has_image) / count(*) as image_coverage_share,
        min(articles.days_before_window_end) as days_before_window_end,
        count(*) filter (where articles.news_days between 0 and 6) as last_7,
        count(*) filter (where articles.news_days between 7 and 13) as previous_7,
        count(*) filter (where articles.news_days between 0 and 27) as last_28,
        count(*) filter (where articles.news_days between 28 and 55) as previous_28,
        count(*) filter (where articles.news_days between 0 and 89) as last_90,
        count(*) filter (where articles.news_days between 90 and 179) as previous_90
    from core.article_authors as authors
    inner join articles on articles.document_id = authors.document_id
    group by authors.author_id
),

co_authors as (
    select
        authors.author_id,
        count(distinct others.author_id) as co_author_count
    from core.article_authors as authors
    inner join core.article_authors as others
        on others.document_id = authors.document_id
        and others.author_id <> authors.author_id
    where authors.author_count between 2 and 100
    group by authors.author_id
),

topic_counts as (
    select
        authors.author_id,
        topics.topic_id,
        count(*) as article_count
    from core.article_authors as authors
    inner join core.article_topics as topics on topics.document_id = authors.document_id
    group by authors.author_id, topics.topic_id
),

concentration as (
    select
        author_id,
        count(*) as topic_count,
        first(topic_id order by article_count desc, topic_id) as top_topic_id,
        max(article_count) as top_topic_article_count,
        hhi(article_count) as topic_hhi
    from topic_counts
    group by author_id
)

select
    measures.author_id,
    authors.author_name,
    authors.author_url,
    measures.article_count,
    measures.news_article_count,
    measures.event_count,
    measures.published_article_count,
    measures.solo_article_count,
    measures.shared_article_count,
    coalesce(co_authors.co_author_count, 0) as co_author_count,
    coalesce(concentration.topic_count, 0) as topic_count,
    measures.article_count / totals.article_count as article_share,
    measures.article_count / authored.article_count as authored_article_share,
    measures.image_coverage_share,
    authors.first_published_at,
    authors.last_published_at,
    measures.days_before_window_end,
    measures.last_7 as last_7_days_article_count,
    measures.previous_7 as previous_7_days_article_count,
    (measures.last_7 - measures.previous_7) / nullif(measures.previous_7, 0) as last_7_days_growth_share,
    measures.last_28 as last_28_days_article_count,
    measures.previous_28 as previous_28_days_article_count,
    (measures.last_28 - measures.previous_28) / nullif(measures.previous_28, 0) as last_28_days_growth_share,
    measures.last_90 as last_90_days_article_count,
    measures.previous_90 as previous_90_days_article_count,
    (measures.last_90 - measures.previous_90) / nullif(measures.previous_90, 0) as last_90_days_growth_share,
    concentration.top_topic_id,
    topics.topic as top_topic,
    concentration.top_topic_article_count / measures.article_count as top_topic_share,
    concentration.topic_hhi
from measures
cross join totals
cross join authored
inner join core.dim_authors as authors on authors.author_id = measures.author_id
left join co_authors on co_authors.author_id = measures.author_id
left join concentration on concentration.author_id = measures.author_id
left join core.dim_topics as topics on topics.topic_id = concentration.top_topic_id
