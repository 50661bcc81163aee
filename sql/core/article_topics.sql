-- Topics of articles: the bridge table of every count by topic.
--
-- Grain: an article and a topic.
-- Key: document_id, topic_id
-- References: document_id in core.articles, topic_id in core.dim_topics
-- Role: bridge
-- Measures:
--   topic_count = count(distinct topic_id): Distinct topics of the articles.
--   topic_row_count = count(*): Pairs of article and topic.
--   topic_row_share = topic_row_count / all(topic_row_count): Share (0..1) of all pairs of article and topic.
-- Columns:
--   document_id
--   topic_id
--   position
select
    topics.document_id,
    topics.topic_id,
    topics.position
from staging.document_topics as topics
inner join core.articles as articles on articles.document_id = topics.document_id
