-- All topics that the page can filter by: those of report.topics, and all others of listed articles.
--
-- Grain: a topic.
-- Key: topic_number
-- Columns:
--   topic_number: Number of the topic, from 1: the topics of report.topics by their rank, then the others by
--     counted articles, then omnipresent topics; ties go by topic_id.
--   topic_id
--   topic
--   is_omnipresent
--   article_count: Counted articles with the topic, see report.scope.
with counts as (
    select
        topics.topic_id,
        count(*) as article_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    inner join report.scope as scope on scope.has_news = articles.is_news
    group by topics.topic_id
),

listed as (
    select distinct unnest(topic_ids) as topic_id
    from report.article_list
    union
    select topic_id
    from report.topics
)

select
    row_number() over (
        order by names.is_omnipresent, coalesce(counts.article_count, 0) desc, names.topic_id
    ) as topic_number,
    names.topic_id,
    names.topic,
    names.is_omnipresent,
    coalesce(counts.article_count, 0) as article_count
from core.dim_topics as names
left join counts on counts.topic_id = names.topic_id
where names.topic_id in (select topic_id from listed)
