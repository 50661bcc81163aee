-- Mentions of providers: a document names its own provider, and its related items name theirs.
--
-- Grain: a document or a related item that names a provider.
-- Key: document_id, related_position
-- Columns:
--   document_id: The document.
--   related_position: 0-based position of the related item that names the provider; -1 for the document
--     itself.
--   is_own: Whether the document names it as its own provider.
--   provider_id: The provider: `domain/name-slug`.
--   provider_name?: Name of the provider in this mention, trimmed; NULL if absent or blank.
--   provider_domain?: Domain of the provider in this mention, trimmed; NULL if absent or blank.
select
    document_id,
    -1 as related_position,
    true as is_own,
    provider_id,
    nullif(trim(provider_name), '') as provider_name,
    nullif(trim(provider_domain), '') as provider_domain
from tidy.documents
where provider_id is not null
union all
select
    document_id,
    position as related_position,
    false as is_own,
    provider_id,
    nullif(trim(provider_name), '') as provider_name,
    nullif(trim(provider_domain), '') as provider_domain
from tidy.related_items
where provider_id is not null
