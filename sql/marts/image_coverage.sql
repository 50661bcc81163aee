-- Image coverage by provider and type: articles without images, image sizes, and placeholders used in place
-- of images.
--
-- An image counts only if it has a URL. A placeholder is a URL that serves at least 3 clusters, as the logo
-- of a site does: an article with nothing else has no image of its own.
--
-- Grain: a provider and a type of article; `(none)` for articles without a provider or a type.
-- Key: provider_id, type
-- Order: article_count desc
-- Columns:
--   provider_id: The provider, `domain/name-slug`; `(none)` for articles without a provider.
--   type: Kind of article as written; `(none)` for articles without a type.
--   provider_name? [provider]: The name used most often; NULL for `(none)`.
--   article_count: Articles of the provider and the type.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   article_with_image_count: Of these articles, those with at least one image that has a URL.
--   image_coverage_share: Share (0..1) of the articles with at least one image that has a URL.
--   article_with_own_image_count [images]: Articles with at least one image that has a URL and is not a
--     placeholder.
--   own_image_coverage_share [images]: Share (0..1) of the articles with at least one image that has a
--     URL and is not a placeholder.
--   image_count: Images with a URL; an article may have several.
--   image_without_url_count: Images without a URL, which no other column counts.
--   distinct_image_count [images]: Distinct URLs of the images.
--   duplicate_image_count [images]: Images whose URL another article uses too, of this provider or of
--     another one.
--   placeholder_image_count [images]: Images whose URL serves at least 3 clusters.
--   cached_image_count [image_cache]: Images with `isCached: true`.
--   cached_image_share? [image_cache]: Share (0..1) of cached images among the images with an `isCached`;
--     NULL if none has one.
--   sized_image_count [image_sizes]: Images with both a width and a height, from which the medians are
--     computed.
--   median_width_pixels? [image_sizes]: Median width of these images, in pixels; NULL if there are none.
--   median_height_pixels? [image_sizes]: Median height of these images, in pixels; NULL if there are none.
--   host_count [image_hosts]: Distinct hosts of the images.
--   top_host? [image_hosts]: The host of most images, ties going to the first alphabetically; NULL if no
--     image has a host.
with labelled as (
    select
        document_id,
        event_id,
        is_news,
        has_image,
        coalesce(provider_id, '(none)') as provider_id,
        coalesce(type, '(none)') as type
    from core.articles
),

owners as (
    select distinct document_id
    from core.article_images
    where is_usable and not is_placeholder
),

articles as (
    select
        labelled.provider_id,
        labelled.type,
        count(*) as article_count,
        count(*) filter (where labelled.is_news) as news_article_count,
        count(distinct labelled.event_id) as event_count,
        count(*) filter (where labelled.has_image) as article_with_image_count,
        count(owners.document_id) as article_with_own_image_count
    from labelled
    left join owners on owners.document_id = labelled.document_id
    group by labelled.provider_id, labelled.type
),

images as (
    select
        labelled.provider_id,
        labelled.type,
        count(*) filter (where images.is_usable) as image_count,
        count(*) filter (where not images.is_usable) as image_without_url_count,
        count(distinct images.url) as distinct_image_count,
        count(*) filter (where images.url_article_count > 1) as duplicate_image_count,
        count(*) filter (where images.is_placeholder) as placeholder_image_count,
        count(*) filter (where images.is_usable and images.is_cached) as cached_image_count,
        count(images.is_cached) filter (where images.is_usable) as said_cached_count,
        count(distinct images.host) filter (where images.is_usable) as host_count,
        count(images.width + images.height) filter (where images.is_usable) as sized_image_count,
        median(images.width) filter (where images.is_usable and images.height is not null)
            as median_width_pixels,
        median(images.height) filter (where images.is_usable and images.width is not null)
            as median_height_pixels
    from core.article_images as images
    inner join labelled on labelled.document_id = images.document_id
    group by labelled.provider_id, labelled.type
),

host_counts as (
    select
        labelled.provider_id,
        labelled.type,
        images.host,
        count(*) as image_count
    from core.article_images as images
    inner join labelled on labelled.document_id = images.document_id
    where images.is_usable and images.host is not null
    group by labelled.provider_id, labelled.type, images.host
),

hosts as (
    select
        provider_id,
        type,
        first(host order by image_count desc, host) as top_host
    from host_counts
    group by provider_id, type
)

select
    articles.provider_id,
    articles.type,
    providers.provider_name,
    articles.article_count,
    articles.news_article_count,
    articles.event_count,
    articles.article_with_image_count,
    articles.article_with_image_count / articles.article_count as image_coverage_share,
    articles.article_with_own_image_count,
    articles.article_with_own_image_count / articles.article_count as own_image_coverage_share,
    coalesce(images.image_count, 0) as image_count,
    coalesce(images.image_without_url_count, 0) as image_without_url_count,
    coalesce(images.distinct_image_count, 0) as distinct_image_count,
    coalesce(images.duplicate_image_count, 0) as duplicate_image_count,
    coalesce(images.placeholder_image_count, 0) as placeholder_image_count,
    coalesce(images.cached_image_count, 0) as cached_image_count,
    images.cached_image_count / nullif(images.said_cached_count, 0) as cached_image_share,
    coalesce(images.sized_image_count, 0) as sized_image_count,
    images.median_width_pixels,
    images.median_height_pixels,
    coalesce(images.host_count, 0) as host_count,
    hosts.top_host
from articles
left join images on images.provider_id = articles.provider_id and images.type = articles.type
left join hosts on hosts.provider_id = articles.provider_id and hosts.type = articles.type
left join core.dim_providers as providers on providers.provider_id = articles.provider_id
