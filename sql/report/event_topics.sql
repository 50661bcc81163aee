-- Charted topics of the largest events.
--
-- Grain: an event of report.events and a topic in the charts.
-- Key: event_rank, topic_rank
-- Columns:
--   event_rank: The event by report.events.
--   topic_rank: The topic by report.topics, 1 to 12.
select distinct
    events.event_rank,
    topics.topic_rank
from report.events as events
inner join core.articles as articles on articles.event_id = events.event_id
inner join core.article_topics as bridge on bridge.document_id = articles.document_id
inner join report.topics as topics on topics.topic_id = bridge.topic_id
where topics.topic_rank <= 12
