-- The keys that typed columns and lists are taken from, and how many documents fill them.
--
-- What was refused, null or empty is not here, nor are columns of text; see drift.key_profile.
--
-- Grain: a type of document and a key.
-- Key: document_type, key
-- Columns:
--   document_type: Kind of document as written, or `(none)`.
--   key: The key as the files call it, with those above it, such as ratings.count or images[].width.
--   value_kind: The kind of value that the column holds: number, date, flag, url, text, list or mapping.
--   document_count: Documents of the type that have at least one such value.
with documents as (
    select
        document_id,
        coalesce(type, '(none)') as document_type,
        coalesce(provider_name, provider_domain) as provider,
        coalesce(rating_count, rating_average) as ratings,
        published_at,
        updated_at,
        quality,
        if(is_suppressed, -1, heat) as heat,
        is_published,
        is_removed,
        duration_seconds,
        rating_count,
        rating_average,
        member_count,
        nullif(has_secured, false) as secured
    from staging.documents
),

images as (
    select
        document_id,
        count(url) as url_count,
        count(width) as width_count,
        count(height) as height_count,
        count(is_cached) as is_cached_count
    from staging.document_images
    group by document_id
),

related as (
    select
        document_id,
        count(title) as title_count,
        count(published_at) as published_at_count,
        count(canonical_url) as web_url_count,
        count(type) as type_count,
        count(quality) as quality_count,
        count(coalesce(provider_name, provider_domain)) as provider_count,
        count(provider_name) as provider_name_count,
        count(provider_domain) as provider_domain_count
    from staging.related_items
    group by document_id
),

counts_by_type as (
    select
        documents.document_type,
        [
            ('publishedDateTime', 'date', count(documents.published_at)),
            ('updatedDateTime', 'date', count(documents.updated_at)),
            ('quality', 'number', count(documents.quality)),
            ('heat', 'number', count(documents.heat)),
            ('published', 'flag', count(documents.is_published)),
            ('removed', 'flag', count(documents.is_removed)),
            ('length', 'text', count(documents.duration_seconds)),
            ('ratings', 'mapping', count(documents.ratings)),
            ('ratings.count', 'number', count(documents.rating_count)),
            ('ratings.average', 'number', count(documents.rating_average)),
            ('members', 'number', count(documents.member_count)),
            ('provider', 'mapping', count(documents.provider)),
            ('secured', 'text', count(documents.secured)),
            ('images[].url', 'url', count(nullif(images.url_count, 0))),
            ('images[].width', 'number', count(nullif(images.width_count, 0))),
            ('images[].height', 'number', count(nullif(images.height_count, 0))),
            ('images[].isCached', 'flag', count(nullif(images.is_cached_count, 0))),
            ('related[].title', 'text', count(nullif(related.title_count, 0))),
            ('related[].publishedDateTime', 'date', count(nullif(related.published_at_count, 0))),
            ('related[].webUrl', 'url', count(nullif(related.web_url_count, 0))),
            ('related[].type', 'text', count(nullif(related.type_count, 0))),
            ('related[].quality', 'number', count(nullif(related.quality_count, 0))),
            ('related[].provider', 'mapping', count(nullif(related.provider_count, 0))),
            ('related[].provider.name', 'text', count(nullif(related.provider_name_count, 0))),
            ('related[].provider.domain', 'text', count(nullif(related.provider_domain_count, 0)))
        ] as counts
    from documents
    left join images on images.document_id = documents.document_id
    left join related on related.document_id = documents.document_id
    group by documents.document_type
)

select
    counts_by_type.document_type,
    entries.entry[1] as key,
    entries.entry[2] as value_kind,
    entries.entry[3] as document_count
from counts_by_type
cross join unnest(counts_by_type.counts) as entries(entry)
where entries.entry[3] > 0
union all
select
    documents.document_type,
    lists.key,
    'list' as value_kind,
    count(*) as document_count
from staging.document_lists as lists
inner join documents on documents.document_id = lists.document_id
group by documents.document_type, lists.key
