-- Articles, which are documents that are coverage (articles, videos, courses, samples), with their clusters
-- and the counts of their topics, images and related items.
--
-- Documents that are translations of one text are one article, see core.translations.
--
-- Grain: a document that is coverage, or the first of those that are translations of one text.
-- Key: document_id
-- References: event_id in core.events, cluster_id in core.clusters, provider_id in core.dim_providers,
--   organisation_id in core.dim_organisations, calendar_date in core.dim_dates
-- Role: fact
-- Order: published_at desc
-- Measures:
--   article_count = count(*): Articles.
--   news_article_count = count(*) filter (where is_news): Of these articles, those of kind news.
--   published_article_count = count(*) filter (where is_published): Of these articles, the published.
--   suppressed_article_count = count(*) filter (where is_suppressed): Of these articles, those that a heat of
--     -1 suppresses.
--   syndicated_article_count = count(*) filter (where is_syndicated): Of these articles, the copies.
--   dated_article_count = count(*) filter (where calendar_date is not null): Of these articles, those with a
--     calendar_date.
--   article_with_topic_count = count(*) filter (where topic_count > 0): Of these articles, with a topic.
--   article_with_image_count = count(*) filter (where has_image): Of these articles, those with at least one
--     image that has a URL.
--   video_count = count(*) filter (where is_video): Of these articles, those that are videos.
--   tagged_news_article_count = count(*) filter (where is_news and topic_count > 0): Of the news articles,
--     those with a topic.
--   event_count = count(distinct event_id): Distinct events of these articles.
--   cluster_count = count(distinct cluster_id): Distinct clusters of these articles.
--   provider_count = count(distinct provider_id): Distinct providers of these articles.
--   organisation_count = count(distinct organisation_id): Distinct organisations of these articles.
--   article_share = article_count / all(article_count): Share (0..1) of all articles.
--   tagged_news_share = tagged_news_article_count / all(tagged_news_article_count): Share (0..1) of all news
--     articles with a topic.
--   image_coverage_share = article_with_image_count / article_count: Share (0..1) of these articles with at
--     least one image that has a URL.
--   video_share = video_count / article_count: Share (0..1) of these articles that are videos.
--   first_published_at = min(published_at) filter (where calendar_date is not null): Earliest published_at
--     (UTC) of these articles with a calendar_date.
--   last_published_at = max(published_at) filter (where calendar_date is not null): Latest published_at (UTC)
--     of these articles with a calendar_date.
-- Columns:
--   document_id
--   event_id?
--   cluster_id
--   translation_group_id
--   path
--   collection
--   title?: Title; of an event with a name instead of a title, its name.
--   category
--   type
--   kind
--   is_news: Whether kind is `news`.
--   locale
--   language
--   languages?: The languages of the article and its translations, separated by semicolons, in alphabetical
--     order, `(none)` last for a document without one; NULL with the preset `smartable`.
--   language_count: Documents of the article: 1, and its translations.
--   is_video
--   published_at
--   published_date
--   calendar_date
--   days_before_window_end?: Days from calendar_date to window_end_date of core.corpus_dates: 0 on that day,
--     negative on later days; NULL without a calendar_date.
--   updated_at
--   canonical_url
--   url_host
--   provider_id
--   organisation_id?: The organisation of the provider; NULL without a provider.
--   is_syndicated: Whether the article is a copy: of what another organisation published first, or of a wire;
--     see core.syndication.
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
    -- Most articles are in one language, and the text of one needs no sorting.
    where article_document_id in (select article_document_id from core.translations where not is_article)
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
    events.event_id,
    clusters.cluster_id,
    translations.translation_group_id,
    documents.path,
    documents.collection,
    coalesce(documents.title, if(documents.kind = 'event', documents.name, null)) as title,
    documents.category,
    documents.type,
    documents.kind,
    documents.kind = 'news' as is_news,
    documents.locale,
    translations.language,
    if(
        build.preset = 'generic', coalesce(groups.languages, translations.language, '(none)'), null
    ) as languages,
    coalesce(groups.language_count, 1) as language_count,
    documents.is_video,
    documents.published_at,
    documents.published_date,
    documents.calendar_date,
    dates.window_end_date - documents.calendar_date as days_before_window_end,
    documents.updated_at,
    documents.canonical_url,
    documents.url_host,
    documents.provider_id,
    providers.organisation_id,
    coalesce(syndication.is_syndicated, false) as is_syndicated,
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
cross join core.corpus_dates as dates
inner join core.article_clusters as clusters on clusters.document_id = documents.document_id
inner join core.translations as translations on translations.document_id = documents.document_id
left join groups on groups.document_id = documents.document_id
left join staging.article_events as events on events.document_id = documents.document_id
left join core.provider_organisations as providers on providers.provider_id = documents.provider_id
left join core.syndication as syndication on syndication.document_id = documents.document_id
left join topics on topics.document_id = documents.document_id
left join images on images.document_id = documents.document_id
left join related on related.document_id = documents.document_id
where translations.is_article
