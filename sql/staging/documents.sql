-- Documents with what every later model asks of them: is it coverage, is it a video, on which day does it
-- count.
--
-- Grain: a file with front matter.
-- Key: document_id
-- Columns:
--   document_id
--   path
--   collection
--   title?: Title; NULL where the file has none.
--   name?: Name, which people, communities and organisations have instead of a title; NULL elsewhere.
--   excerpt?: Summary; NULL where the file has none.
--   category?: Category as written; NULL where the file has none.
--   type?: Kind of document as written; NULL where the file has none.
--   is_coverage: Whether it is a piece of coverage: it has a title, or else no name but a URL or a provider.
--     People, communities and organisations have a name instead, and are none.
--   is_video: Whether the type is video, in any case of letters.
--   published_at?: When it was published (UTC), as the file says; NULL where it does not.
--   published_date?: The UTC day of published_at; NULL where there is none.
--   calendar_date?: The published date, if it lies from 1990-01-01 to the day after as_of_date; NULL
--     otherwise, so that a slip of the pen neither fills a century with empty periods nor comes first in a
--     story.
--   updated_at?: When it was last updated (UTC); NULL where the file does not say.
--   original_url?: `originalUrl` as written; NULL where absent, an empty string where the file has one.
--   web_url?: `webUrl` as written; NULL where absent, an empty string where the file has one.
--   amp_url?: `ampWebUrl` as written; NULL where absent, an empty string where the file has one.
--   canonical_url?: The URL to compare by; NULL rather than empty, so that nothing ever joins on an empty
--     URL.
--   url_host?: Host of the canonical URL; NULL where there is no URL.
--   quality?: Quality score, an open-ended count; NULL where the file has none.
--   heat?: Heat score, an open-ended count; NULL where the file has none and where the document is
--     suppressed.
--   is_suppressed
--   is_published?: `published`; NULL where the file does not say.
--   is_removed
--   price?: Price as written; NULL where the file has none.
--   duration_seconds?: Length of a video or course in seconds; NULL where the file has none.
--   rating_count?: How many ratings there are; NULL where the file does not say.
--   rating_average?: Mean rating, on the scale of its platform; NULL where the file does not say.
--   member_count?: Members of a community; NULL where the file does not say.
--   locale?: Locale as written; NULL where the file has none.
--   provider_id?: The provider; NULL where the file names none.
--   provider_name?: Name of the provider; NULL where the file has none.
--   provider_domain?: Domain of the provider; NULL where the file has none.
--   body_words
--   has_secured: Whether the file has a `secured` key, whose value is never stored.
--   extra?: What no column takes, as a JSON object; NULL where nothing is left.
select
    documents.document_id,
    documents.path,
    documents.collection,
    documents.title,
    documents.name,
    documents.excerpt,
    documents.category,
    documents.type,
    documents.title is not null
    or (
        documents.name is null
        and (nullif(trim(documents.canonical_url), '') is not null or documents.provider_id is not null)
    ) as is_coverage,
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
    nullif(trim(documents.canonical_url), '') as canonical_url,
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
    documents.has_secured,
    documents.extra
from tidy.documents as documents
cross join staging.build as build
