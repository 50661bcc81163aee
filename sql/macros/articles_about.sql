-- The articles with a topic, latest first.
--
-- Grain: an article.
-- Formerly: about
-- Parameters:
--   topic_name: The topic, in any case, or its topic_id. One that does not exist is an error that names
--     similar topics.
-- Columns:
--   document_id
--   published_date
--   provider_name
--   title
--   topics
--   type
--   kind
--   heat
--   quality
with found as (
    select topic_id
    from core.dim_topics
    where lower(topic) = lower(trim(topic_name)) or topic_id = topic_name
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select topic_id
    from found
    union all
    select
        no_match(
            'articles_about: no topic is called',
            topic_name,
            similar_names(list(topic), topic_name),
            '`from topics` lists them'
        ) as topic_id
    from core.dim_topics
    having (select count(*) from found) = 0
)

select
    articles.document_id,
    articles.published_date,
    articles.provider_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.kind,
    articles.heat,
    articles.quality
from main.articles as articles
inner join core.article_topics as links on links.document_id = articles.document_id
inner join asked on asked.topic_id = links.topic_id
order by articles.published_date desc nulls last, articles.document_id
