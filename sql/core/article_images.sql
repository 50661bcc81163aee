-- The images of articles, and how often each picture is used: one that stands for many stories illustrates
-- none.
--
-- Grain: an image of an article.
-- Key: document_id, position
-- References: document_id in core.articles
-- Columns:
--   document_id: The article.
--   position
--   url?: URL of the image; NULL where it has none.
--   host
--   width
--   height
--   is_cached
--   is_usable: Whether the image has a URL.
--   url_article_count: Articles that use this URL, this one included; 0 where it has none.
--   url_story_count: Stories that use this URL, this one included; 0 where it has none.
--   is_placeholder: Whether the same URL serves at least 3 stories, as the logo of a site does.
with urls as (
    select
        images.url,
        count(distinct articles.document_id) as url_article_count,
        count(distinct articles.story_id) as url_story_count
    from staging.document_images as images
    inner join core.articles as articles on articles.document_id = images.document_id
    where images.is_usable
    group by images.url
)

select
    images.document_id,
    images.position,
    images.url,
    images.host,
    images.width,
    images.height,
    images.is_cached,
    images.is_usable,
    coalesce(urls.url_article_count, 0) as url_article_count,
    coalesce(urls.url_story_count, 0) as url_story_count,
    coalesce(urls.url_story_count >= 3, false) as is_placeholder
from staging.document_images as images
inner join core.articles as articles on articles.document_id = images.document_id
left join urls on urls.url = images.url
