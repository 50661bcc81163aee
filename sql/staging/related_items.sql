-- Related items as documents list them, with blank URLs as NULL.
--
-- Grain: a related item of a document.
-- Key: document_id, position
-- Columns:
--   document_id
--   position
--   title
--   published_at
--   canonical_url?: The URL to compare by, trimmed; NULL if absent or blank.
--   type
--   quality
--   heat
--   provider_id
--   provider_name
--   provider_domain
select
    document_id,
    position,
    title,
    published_at,
    nullif(trim(canonical_url), '') as canonical_url,
    type,
    quality,
    heat,
    provider_id,
    provider_name,
    provider_domain
from tidy.related_items
