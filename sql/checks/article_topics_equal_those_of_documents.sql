-- core.article_topics must have exactly the topics of the documents that are articles, each document and
-- topic once; topics that the reviewed file of aliases replaces count as those that replace them.
--
-- Severity: error
with written as (
    select distinct
        topics.document_id,
        coalesce(aliases.target, topics.topic_id) as topic_id
    from tidy.document_topics as topics
    left join staging.aliases as aliases on aliases.kind = 'topic' and aliases.alias = topics.topic_id
    inner join core.translations as articles on articles.document_id = topics.document_id
    where articles.is_article
)

select
    coalesce(written.document_id, topics.document_id) as document_id,
    coalesce(written.topic_id, topics.topic_id) as topic_id,
    if(topics.document_id is null, 'missing from core.article_topics', 'not in the file') as problem
from written
full join core.article_topics as topics
    on topics.document_id = written.document_id and topics.topic_id = written.topic_id
where written.document_id is null or topics.document_id is null
