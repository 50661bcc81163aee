-- Charted topics of the largest stories.
--
-- Grain: a story of report.stories and a topic in the charts.
-- Key: story_rank, topic_rank
-- Columns:
--   story_rank: The story by report.stories.
--   topic_rank: The topic by report.topics, 1 to 12.
select distinct
    stories.story_rank,
    topics.topic_rank
from report.stories as stories
inner join core.articles as articles on articles.story_id = stories.story_id
inner join core.article_topics as bridge on bridge.document_id = articles.document_id
inner join report.topics as topics on topics.topic_id = bridge.topic_id
where topics.topic_rank <= 12
