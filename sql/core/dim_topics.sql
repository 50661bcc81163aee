-- Topics, each in the spelling that most documents use.
--
-- Grain: a topic of at least one document, coverage or not.
-- Key: topic_id
-- Columns:
--   topic_id
--   topic: The spelling that most documents use; ties go to the first alphabetically; those of topics that
--     the reviewed file replaces come last.
--   spelling_count: Distinct spellings: 'Management Tools' and 'Management tools' are two.
--   document_count: Documents with the topic.
--   article_count: Of these documents, those that are articles.
with spellings as (
    select
        topics.topic_id,
        topics.topic,
        bool_and(topics.is_alias) as is_alias,
        count(*) as document_count,
        count(*) filter (where articles.is_article) as article_count
    from staging.document_topics as topics
    left join core.translations as articles on articles.document_id = topics.document_id
    group by topics.topic_id, topics.topic
)

select
    topic_id,
    first(topic order by is_alias, document_count desc, topic) as topic,
    count(*) as spelling_count,
    cast(sum(document_count) as bigint) as document_count,
    cast(sum(article_count) as bigint) as article_count
from spellings
group by topic_id
