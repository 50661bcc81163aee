-- Topics of documents, each once: a topic that a file lists twice, in one spelling or several, is one row.
--
-- Grain: a document and a topic.
-- Key: document_id, topic_id
-- Columns:
--   document_id
--   topic_id
--   topic: The topic in the spelling that the document lists first.
--   position: 0-based position at which the document lists the topic first.
select
    document_id,
    topic_id,
    arg_min(topic, position) as topic,
    min(position) as position
from tidy.document_topics
group by document_id, topic_id
