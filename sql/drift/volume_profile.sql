-- How many documents there are in all, of each type, in each collection, of each topic and provider.
--
-- A later build compares its own profile with this one, see marts.drift.
--
-- Grain: an outcome of files, a type of document, a collection, a topic or a provider.
-- Key: aspect, subject
-- Columns:
--   aspect: What the subject is: outcome, document_type, collection, topic or provider.
--   subject: The outcome, type, collection, topic_id or provider_id; `(none)` for documents without a type
--     or a collection.
--   label: What people call it: the spelling of a topic used most, the name of a provider.
--   document_count: Documents that it stands for; files in the case of an outcome. Of a provider those that
--     are its own.
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
