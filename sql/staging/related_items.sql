-- Related stories as the documents write them out, with a URL that is safe to join on.
--
-- Grain: a related item of a document.
-- Key: document_id, position
-- Columns:
--   document_id: The document that lists the item.
--   position
--   title?: Title in this copy; NULL where it has none.
--   published_at?: When the related story was published (UTC), in this copy; NULL where it does not say.
--   canonical_url?: The URL to compare by; NULL rather than empty: 277 real items have an empty one.
--   type?: Kind of story as written; NULL where it has none.
--   quality?: Quality score in this copy; NULL where it has none.
--   heat?: Heat score in this copy; NULL where it has none and for -1.
--   provider_id?: The provider; NULL where the item names none.
--   provider_name?: Name of the provider; NULL where the item has none.
--   provider_domain?: Domain of the provider; NULL where the item has none.
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
