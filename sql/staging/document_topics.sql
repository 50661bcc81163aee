-- Topics of documents, each once: a topic that a file lists twice, in one spelling or several, is one row,
-- and so are those that the reviewed file of aliases makes one.
--
-- Grain: a document and a topic.
-- Key: document_id, topic_id
-- Columns:
--   document_id
--   topic_id: Slug of the topic, or of the topic that replaces it in the reviewed file of aliases.
--   topic: The topic in the spelling that the document lists first; spellings of topics that are replaced
--     come last.
--   is_alias: Whether the document has only spellings of topics that the reviewed file replaces by this one.
--   position: 0-based position at which the document lists the topic first.
select
    topics.document_id,
    coalesce(aliases.target, topics.topic_id) as topic_id,
    first(topics.topic order by aliases.target is not null, topics.position) as topic,
    bool_and(aliases.target is not null) as is_alias,
    min(topics.position) as position
from tidy.document_topics as topics
left join staging.aliases as aliases on aliases.kind = 'topic' and aliases.alias = topics.topic_id
group by topics.document_id, coalesce(aliases.target, topics.topic_id)
