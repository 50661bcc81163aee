-- Omnipresent topics, which topics, pairs and charts leave out.
--
-- Grain: a topic whose is_omnipresent in core.dim_topics is true; none in a corpus with little or no news.
-- Key: topic_id
-- Columns:
--   topic_id
--   topic
--   news_article_count: News articles with the topic.
--   tagged_news_share: Share (0..1) of the news articles with at least one topic that have this one.
select
    topic_id,
    topic,
    news_article_count,
    tagged_news_share
from core.dim_topics
where is_omnipresent
