-- Versions of documents: each stretch of steps over which all that is stored of a document was the same,
-- with its row of tidy.documents.
--
-- Empty without a past, that is after a first build. A document that is refused for some steps has no
-- version there. It is a view: what is current stands in tidy.documents alone.
--
-- On censoring: what the first step has began then or before, and nobody knows when (is_left_censored); what
-- the last step has may go on (is_right_censored).
--
-- Grain: a version of a document.
-- Key: document_id, valid_from
-- Columns:
--   document_id
--   valid_from: The first step that has the version; 0 if it may have been there before.
--   valid_to?: The first step that no longer has it; NULL if the last step has it.
--   valid_from_at: When step valid_from was committed or built (UTC).
--   valid_to_at?: When step valid_to was committed or built (UTC); NULL if the last step has it.
--   from_commit?: The commit of step valid_from; NULL for a build.
--   from_snapshot?: The snapshot of step valid_from; NULL for a commit.
--   change: How it began: added, changed, restored, readable, renamed or swapped, as in
--     tidy.document_changes; added if the first step has it.
--   end_change?: How it ended: changed, swapped, removed or refused; NULL if the last step has it.
--   from_document_id?: The document that was renamed to this one; NULL unless renamed.
--   is_left_censored: Whether the first step has it: it may be older.
--   is_right_censored: Whether the last step has it: it may go on.
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
with starts as (
    select
        document_id,
        max(step) as valid_from
    from tidy.document_changes
    group by document_id
),

versions as (
    select
        past.document_id,
        past.valid_from,
        past.valid_to,
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
    union all
    select
        current.document_id,
        coalesce(starts.valid_from, 0) as valid_from,
        null as valid_to,
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
)

select
    versions.document_id,
    versions.valid_from,
    versions.valid_to,
    steps.committed_at as valid_from_at,
    end_steps.committed_at as valid_to_at,
    steps.commit_id as from_commit,
    steps.snapshot_id as from_snapshot,
    coalesce(began.change, 'added') as change,
    ended.change as end_change,
    began.from_document_id,
    versions.valid_from = 0 as is_left_censored,
    versions.valid_to is null as is_right_censored,
    versions.path,
    versions.collection,
    versions.title,
    versions.name,
    versions.excerpt,
    versions.category,
    versions.type,
    versions.published_at,
    versions.updated_at,
    versions.original_url,
    versions.web_url,
    versions.amp_url,
    versions.canonical_url,
    versions.url_host,
    versions.quality,
    versions.heat,
    versions.is_suppressed,
    versions.is_published,
    versions.is_removed,
    versions.price,
    versions.duration_seconds,
    versions.rating_count,
    versions.rating_average,
    versions.member_count,
    versions.locale,
    versions.provider_id,
    versions.provider_name,
    versions.provider_domain,
    versions.body_chars,
    versions.body_words,
    versions.has_secured,
    versions.is_text_repaired,
    versions.is_repaired,
    versions.content_hash,
    versions.slug,
    versions.language,
    versions.weight,
    versions.document_kind,
    versions.extra
from versions
inner join tidy.steps as steps on steps.step = versions.valid_from
left join tidy.steps as end_steps on end_steps.step = versions.valid_to
left join tidy.document_changes as began
    on began.document_id = versions.document_id and began.step = versions.valid_from
left join tidy.document_changes as ended
    on ended.document_id = versions.document_id and ended.step = versions.valid_to
