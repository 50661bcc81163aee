-- Articles, which are documents that are coverage (articles, videos, courses, samples), with their stories
-- and the counts of their topics, images and related items.
--
-- Documents that are translations of one text are one article, see core.translations.
--
-- Grain: a document that is coverage, or the first of those that are translations of one text.
-- Key: document_id
-- References: story_id in core.stories, provider_id in core.dim_providers
-- Columns:
--   document_id
--   story_id
--   translation_group_id
--   path
--   collection
--   title
--   category
--   type
--   locale
--   language
--   languages?: The languages of the article and its translations, separated by semicolons, in alphabetical
--     order, `(none)` last for a document without one; NULL with the preset `smartable`.
--   language_count: Documents of the article: 1, and its translations.
--   is_video
--   published_at
--   published_date
--   calendar_date
--   days_before_as_of?: Days from calendar_date to as_of_date: 0 on as_of_date, -1 on the day after; NULL
--     without a calendar_date.
--   updated_at
--   canonical_url
--   url_host
--   provider_id
--   provider_domain
--   quality
--   heat
--   is_suppressed
--   is_published
--   is_removed
--   duration_seconds
--   body_words
--   topic_count: Distinct topics.
--   image_count: Images, including those without a URL.
--   usable_image_count: Images with a URL.
--   has_image: Whether at least one image has a URL.
--   related_count: Related items that the article lists.
--   resolved_related_count: Of these related items, those that resolve to a document.
with groups as (
    select
        article_document_id as document_id,
        string_agg(coalesce(language, '(none)'), '; ' order by language nulls last) as languages,
        count(*) as language_count
    from core.translations
    group by article_document_id
),

topics as (
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
    translations.translation_group_id,
    documents.path,
    documents.collection,
    documents.title,
    documents.category,
    documents.type,
    documents.locale,
    translations.language,
    if(build.preset = 'generic', groups.languages, null) as languages,
    groups.language_count,
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
inner join core.translations as translations on translations.document_id = documents.document_id
inner join groups on groups.document_id = documents.document_id
left join topics on topics.document_id = documents.document_id
left join images on images.document_id = documents.document_id
left join related on related.document_id = documents.document_id
where translations.is_article
