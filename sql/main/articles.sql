-- Articles with names in place of ids, to look through: who published what, when, on which topics.
--
-- Everything else about an article stands in core.articles. Topics in one text are for reading; to count by
-- topic, take core.article_topics or the marts.
--
-- Grain: an article.
-- Key: document_id
-- Columns:
--   document_id: The article.
--   published_date?: The UTC day on which it was published; NULL where the file does not say.
--   provider_name?: Name of its provider; NULL where the file names none.
--   title
--   topics?: Its topics in the order of the file, between semicolons; NULL where it has none.
--   type
--   heat?: Heat score; NULL where the file has none and where the article is suppressed.
--   quality?: Quality score; NULL where the file has none.
--   is_published?: `published`; NULL where the file does not say. False is a normal state.
--   has_image
--   story_id: The story it tells; see stories.
--   story_article_count: Articles that tell the same story, this one included.
--   canonical_url?: The URL to compare by; NULL where it has none.
--   path
with topics as (
    select
        links.document_id,
        string_agg(names.topic, '; ' order by links.position) as topics
    from core.article_topics as links
    inner join core.dim_topics as names on names.topic_id = links.topic_id
    group by links.document_id
)

select
    articles.document_id,
    articles.published_date,
    providers.provider_name,
    articles.title,
    topics.topics,
    articles.type,
    articles.heat,
    articles.quality,
    articles.is_published,
    articles.has_image,
    articles.story_id,
    stories.article_count as story_article_count,
    articles.canonical_url,
    articles.path
from core.articles as articles
inner join core.stories as stories on stories.story_id = articles.story_id
left join core.dim_providers as providers on providers.provider_id = articles.provider_id
left join topics on topics.document_id = articles.document_id
