-- The topics of articles: the bridge that every count by topic goes over.
--
-- Grain: an article and a topic.
-- Key: document_id, topic_id
-- References: document_id in core.articles, topic_id in core.dim_topics
-- Columns:
--   document_id: The article.
--   topic_id: The topic; see core.dim_topics.
--   position: 0-based place where the article writes the topic first.
select
    topics.document_id,
    topics.topic_id,
    topics.position
from staging.document_topics as topics
inner join core.articles as articles on articles.document_id = topics.document_id
