-- Documents in total, of each type, in each collection, and of each topic and provider.
--
-- The next build compares its profile with this one, see marts.drift.
--
-- Grain: an outcome of files, a document type, a collection, a topic or a provider.
-- Key: aspect, subject
-- Columns:
--   aspect: Kind of subject: outcome, document_type, collection, topic or provider.
--   subject: The outcome, type, collection, topic_id or provider_id; `(none)` for documents without a type or
--     a collection.
--   label: Display name: for a topic its most used spelling, for a provider its name, otherwise the subject.
--   document_count: Documents of the subject; for an outcome, files; for a provider, documents that name it
--     as their own.
select
    'outcome' as aspect,
    outcome as subject,
    outcome as label,
    count(*) as document_count
from tidy.files
group by outcome
union all
select
    'document_type' as aspect,
    coalesce(type, '(none)') as subject,
    coalesce(type, '(none)') as label,
    count(*) as document_count
from staging.documents
group by coalesce(type, '(none)')
union all
select
    'collection' as aspect,
    coalesce(collection, '(none)') as subject,
    coalesce(collection, '(none)') as label,
    count(*) as document_count
from staging.documents
group by coalesce(collection, '(none)')
union all
select
    'topic' as aspect,
    topic_id as subject,
    topic as label,
    document_count
from core.dim_topics
union all
select
    'provider' as aspect,
    provider_id as subject,
    coalesce(provider_name, provider_id) as label,
    document_count
from core.dim_providers
where document_count > 0
