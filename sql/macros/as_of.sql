-- The documents as they were at a moment: tidy.documents of a build of that state.
--
-- Grain: a file with front matter, at that moment.
-- Parameters:
--   moment: A commit, a snapshot, a day, a time or 'now', as for step_at.
-- Columns:
--   document_id
--   path
--   collection
--   title
--   name
--   excerpt
--   category
--   type
--   published_at
--   updated_at
--   original_url
--   web_url
--   amp_url
--   canonical_url
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
--   body_chars
--   body_words
--   has_secured
--   is_text_repaired
--   is_repaired
--   content_hash
--   slug
--   language
--   weight
--   document_kind
--   extra
with asked as materialized (
    select steps.step
    from step_at(moment) as steps
),

starts as (
    select
        document_id,
        max(step) as first_step
    from tidy.document_changes
    group by document_id
),

found as (
    select
        past.document_id,
        past.path,
        past.collection,
        past.title,
        past.name,
        past.excerpt,
        past.category,
        past.type,
        past.published_at,
        past.updated_at,
        past.original_url,
        past.web_url,
        past.amp_url,
        past.canonical_url,
        past.url_host,
        past.quality,
        past.heat,
        past.is_suppressed,
        past.is_published,
        past.is_removed,
        past.price,
        past.duration_seconds,
        past.rating_count,
        past.rating_average,
        past.member_count,
        past.locale,
        past.provider_id,
        past.provider_name,
        past.provider_domain,
        past.body_chars,
        past.body_words,
        past.has_secured,
        past.is_text_repaired,
        past.is_repaired,
        past.content_hash,
        past.slug,
        past.language,
        past.weight,
        past.document_kind,
        past.extra
    from tidy.past_documents as past
    inner join asked on past.valid_from <= asked.step and past.valid_to > asked.step
    union all
    select
        current.document_id,
        current.path,
        current.collection,
        current.title,
        current.name,
        current.excerpt,
        current.category,
        current.type,
        current.published_at,
        current.updated_at,
        current.original_url,
        current.web_url,
        current.amp_url,
        current.canonical_url,
        current.url_host,
        current.quality,
        current.heat,
        current.is_suppressed,
        current.is_published,
        current.is_removed,
        current.price,
        current.duration_seconds,
        current.rating_count,
        current.rating_average,
        current.member_count,
        current.locale,
        current.provider_id,
        current.provider_name,
        current.provider_domain,
        current.body_chars,
        current.body_words,
        current.has_secured,
        current.is_text_repaired,
        current.is_repaired,
        current.content_hash,
        current.slug,
        current.language,
        current.weight,
        current.document_kind,
        current.extra
    from tidy.documents as current
    left join starts on starts.document_id = current.document_id
    inner join asked on coalesce(starts.first_step, 0) <= asked.step
)

select
    document_id,
    path,
    collection,
    title,
    name,
    excerpt,
    category,
    type,
    published_at,
    updated_at,
    original_url,
    web_url,
    amp_url,
    canonical_url,
    url_host,
    quality,
    heat,
    is_suppressed,
    is_published,
    is_removed,
    price,
    duration_seconds,
    rating_count,
    rating_average,
    member_count,
    locale,
    provider_id,
    provider_name,
    provider_domain,
    body_chars,
    body_words,
    has_secured,
    is_text_repaired,
    is_repaired,
    content_hash,
    slug,
    language,
    weight,
    document_kind,
    extra
from found
order by document_id
