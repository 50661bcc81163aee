-- The articles of the search index, numbered, with the columns that the macro search returns: numbers take
-- less space than IDs, and a join takes longer than a search. Empty unless the setting search is on.
--
-- Grain: an article.
-- Key: document_number
-- References: document_id in core.articles
-- Columns:
--   document_number: Number of the article in the order of document_id, from 1.
--   document_id
--   published_date
--   provider_name?: Name of its provider; NULL if the file names none.
--   title
--   topics?: Its topics in the order of the file, separated by semicolons; NULL if it has none.
--   type
--   kind
--   heat
--   quality
with wanted as (
    select 1 as one
    from staging.build
    where is_searchable
),

topics as (
    select
        links.document_id,
        string_agg(names.topic, '; ' order by links.position) as topics
    from core.article_topics as links
    inner join wanted on wanted.one = 1
    inner join core.dim_topics as names on names.topic_id = links.topic_id
    group by links.document_id
)

select
    row_number() over (order by articles.document_id) as document_number,
    articles.document_id,
    articles.published_date,
    providers.provider_name,
    articles.title,
    topics.topics,
    articles.type,
    articles.kind,
    articles.heat,
    articles.quality
from core.articles as articles
inner join wanted on wanted.one = 1
left join core.dim_providers as providers on providers.provider_id = articles.provider_id
left join topics on topics.document_id = articles.document_id
