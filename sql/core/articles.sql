-- Articles, which are documents that are coverage (articles, videos, courses, samples), with their story and
-- what hangs on them.
--
-- Grain: a document that is coverage.
-- Key: document_id
-- References: story_id in core.stories, provider_id in core.dim_providers
-- Columns:
--   document_id: The article: 16 hex digits, a 64-bit hash of its path.
--   story_id: The story it tells, which other articles may tell too; see core.stories.
--   path
--   collection
--   title
--   category
--   type
--   locale
--   is_video: Whether the type is video.
--   published_at
--   published_date
--   calendar_date?: The published date, if it lies from 1990-01-01 to the day after as_of_date; NULL
--     otherwise. What counts by date counts by this.
--   days_before_as_of?: Days from calendar_date to as_of_date: 0 on as_of_date; NULL where calendar_date is.
--   updated_at
--   canonical_url?: The URL to compare by; NULL where it has none. Two articles may share one.
--   url_host
--   provider_id
--   provider_domain?: Domain of the provider; NULL where it has none.
--   quality
--   heat?: Heat score, an open-ended count; NULL where the file has none and where the article is suppressed.
--   is_suppressed
--   is_published
--   is_removed
--   duration_seconds
--   body_words
--   topic_count: Topics, each counted once.
--   image_count: Images, those without a URL included.
--   usable_image_count: Images with a URL.
--   has_image: Whether at least one image has a URL.
--   related_count: Related items that it lists.
--   resolved_related_count: Related items that point at a document.
with topics as (
    select
        document_id,
        count(*) as topic_count
    from staging.document_topics
    group by document_id
),

images as (
    select
        document_id,
        count(*) as image_count,
        count(*) filter (where is_usable) as usable_image_count
    from staging.document_images
    group by document_id
),

related as (
    select
        document_id,
        count(*) as related_count,
        count(*) filter (where is_resolved) as resolved_related_count
    from core.related_links
    group by document_id
)

select
    documents.document_id,
    stories.story_id,
    documents.path,
    documents.collection,
    documents.title,
    documents.category,
    documents.type,
    documents.locale,
    documents.is_video,
    documents.published_at,
    documents.published_date,
    documents.calendar_date,
    build.as_of_date - documents.calendar_date as days_before_as_of,
    documents.updated_at,
    documents.canonical_url,
    documents.url_host,
    documents.provider_id,
    documents.provider_domain,
    documents.quality,
    documents.heat,
    documents.is_suppressed,
    documents.is_published,
    documents.is_removed,
    documents.duration_seconds,
    documents.body_words,
    coalesce(topics.topic_count, 0) as topic_count,
    coalesce(images.image_count, 0) as image_count,
    coalesce(images.usable_image_count, 0) as usable_image_count,
    coalesce(images.usable_image_count, 0) > 0 as has_image,
    coalesce(related.related_count, 0) as related_count,
    coalesce(related.resolved_related_count, 0) as resolved_related_count
from staging.documents as documents
cross join staging.build as build
inner join core.article_stories as stories on stories.document_id = documents.document_id
left join topics on topics.document_id = documents.document_id
left join images on images.document_id = documents.document_id
left join related on related.document_id = documents.document_id
where documents.is_coverage
