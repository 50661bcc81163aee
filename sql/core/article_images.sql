-- Images of articles, and how often each URL is used. A URL that serves many clusters illustrates none of
-- them.
--
-- Grain: an image of an article.
-- Key: document_id, position
-- References: document_id in core.articles
-- Columns:
--   document_id
--   position
--   url
--   host
--   width
--   height
--   is_cached
--   is_usable
--   url_article_count: Articles that use the URL, including this one; 0 without a URL.
--   url_cluster_count: Clusters that use the URL, including this one; 0 without a URL.
--   is_placeholder: Whether the URL serves at least 3 clusters, as the logo of a site does.
with repeated_urls as (
    -- Most images have a URL of their own, which one article uses.
    select url
    from staging.document_images
    where is_usable
    group by url
    having count(*) > 1
),

urls as (
    select
        images.url,
        count(distinct articles.document_id) as url_article_count,
        count(distinct articles.cluster_id) as url_cluster_count
    from staging.document_images as images
    inner join repeated_urls on repeated_urls.url = images.url
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
    coalesce(urls.url_article_count, if(images.is_usable, 1, 0)) as url_article_count,
    coalesce(urls.url_cluster_count, if(images.is_usable, 1, 0)) as url_cluster_count,
    coalesce(urls.url_cluster_count >= 3, false) as is_placeholder
from staging.document_images as images
inner join core.articles as articles on articles.document_id = images.document_id
left join urls on urls.url = images.url
