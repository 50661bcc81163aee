-- The topics of a document, each once: a topic that a file lists twice, in one spelling or two, counts
-- once.
--
-- Grain: a document and a topic.
-- Key: document_id, topic_id
-- Columns:
--   document_id: The document.
--   topic_id: Slug of the case-folded topic.
--   topic: The topic as the document writes it first.
--   position: 0-based place where the document writes it first.
select
    document_id,
    topic_id,
    arg_min(topic, position) as topic,
    min(position) as position
from tidy.document_topics
group by document_id, topic_id
