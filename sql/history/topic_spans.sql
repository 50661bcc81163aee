-- Spans of the topics of documents: from when to when a document had a topic. One that moves to another
-- position, or of which only other columns change, stays one span; two of the same in a document are one.
--
-- On censoring: a span of the first step began then or before; one without a last_step may go on. A span
-- ends with the life of its document, also where that is renamed.
--
-- Grain: a stretch of steps over which a document had the topic.
-- Key: document_id, topic_id, first_step
-- Columns:
--   document_id
--   topic_id: The topic: its slug.
--   topic: The topic as written, the first in the alphabet if it was written in several ways.
--   first_step
--   last_step
--   first_at
--   last_at
--   gone_at
--   is_new
--   is_lost
--   is_left_censored
--   is_right_censored
select
    document_id,
    item as topic_id,
    label as topic,
    first_step,
    last_step,
    first_at,
    last_at,
    gone_at,
    is_new,
    is_lost,
    is_left_censored,
    is_right_censored
from history.item_spans
where kind = 'topic'
