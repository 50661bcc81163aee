-- Documents with the columns that later models share: whether a document is coverage, of which kind, whether
-- it is a video, and the day that it counts under.
--
-- Grain: a file with front matter.
-- Key: document_id
-- Columns:
--   document_id
--   path
--   collection
--   title
--   name
--   excerpt
--   category
--   type
--   kind
--   is_coverage: Whether the document is coverage. With the preset `generic`, posts are. With the preset
--     `smartable`, documents are that have a title, or no name but a URL or a provider, or whose kind is
--     event: people, communities and organisations have a name instead of a title, and are not coverage.
--   is_video: Whether the type is `video`, in any case.
--   published_at
--   published_date?: UTC day of published_at; NULL without published_at.
--   calendar_date?: The published_date if it is from 1990-01-01 to the day after as_of_date; otherwise NULL,
--     so that a wrong date neither adds a century of empty periods nor makes an article the first of its
--     cluster.
--   updated_at
--   original_url
--   web_url
--   amp_url
--   canonical_url?: The URL to compare by, trimmed; NULL if absent or blank, so that nothing joins on an
--     empty URL.
--   url_host
--   quality
--   heat
--   is_suppressed
--   is_published
--   is_removed
--   price
--   duration_seconds
--   rating_count
--   rating_average
--   member_count
--   locale
--   provider_id
--   provider_name
--   provider_domain
--   body_words
--   slug
--   language
--   weight
--   document_kind
--   has_secured
--   extra
select
    documents.document_id,
    documents.path,
    documents.collection,
    documents.title,
    documents.name,
    documents.excerpt,
    documents.category,
    documents.type,
    kinds.kind,
    case
        when build.preset = 'generic' then documents.document_kind = 'post'
        when documents.title is not null or documents.name is not null
            then documents.title is not null or kinds.kind = 'event'
        else nullif(trim(documents.canonical_url), '') is not null or documents.provider_id is not null
    end as is_coverage,
    coalesce(lower(documents.type) = 'video', false) as is_video,
    documents.published_at,
    cast(documents.published_at as date) as published_date,
    case
        when published_date between build.first_calendar_date and build.last_calendar_date then published_date
    end as calendar_date,
    documents.updated_at,
    documents.original_url,
    documents.web_url,
    documents.amp_url,
    -- To trim a text takes long, and few URLs have a blank or a letter beyond ASCII.
    case
        when strlen(documents.canonical_url) > length(documents.canonical_url)
            or starts_with(documents.canonical_url, ' ')
            or ends_with(documents.canonical_url, ' ')
            then nullif(trim(documents.canonical_url), '')
        else nullif(documents.canonical_url, '')
    end as canonical_url,
    documents.url_host,
    documents.quality,
    documents.heat,
    documents.is_suppressed,
    documents.is_published,
    documents.is_removed,
    documents.price,
    documents.duration_seconds,
    documents.rating_count,
    documents.rating_average,
    documents.member_count,
    documents.locale,
    documents.provider_id,
    documents.provider_name,
    documents.provider_domain,
    documents.body_words,
    documents.slug,
    documents.language,
    documents.weight,
    documents.document_kind,
    documents.has_secured,
    documents.extra
from tidy.documents as documents
cross join staging.build as build
inner join tidy.article_kinds as kinds on kinds.document_id = documents.document_id
