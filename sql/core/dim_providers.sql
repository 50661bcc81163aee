-- Providers that documents or related items name, and their domains.
--
-- A domain is a platform rather than a publisher: youtube.com alone carries hundreds of providers.
--
-- Grain: a provider that a document or a related item names.
-- Key: provider_id
-- Columns:
--   provider_id
--   provider_name: The name used most often, ties going to the first alphabetically; the domain if no mention
--     has a name.
--   provider_domain?: Domain of the provider: a platform, which may carry many providers; NULL if no mention
--     has one.
--   spelling_count: Distinct spellings of the name; 0 if no mention has a name.
--   domain_provider_count: Providers on the same domain, including this one; 1 without a domain.
--   document_count: Documents that name the provider as their own.
--   article_count: Of these documents, those that are articles.
--   related_item_count: Related items that name the provider.
--   is_related_only: Whether only related items name the provider, so that none of its own documents was
--     collected.
with names as (
    select
        provider_id,
        provider_name,
        count(*) as sighting_count
    from staging.provider_sightings
    where provider_name is not null
    group by provider_id, provider_name
),

spellings as (
    select
        provider_id,
        first(provider_name order by sighting_count desc, provider_name) as provider_name,
        count(*) as spelling_count
    from names
    group by provider_id
),

sightings as (
    select
        sightings.provider_id,
        min(sightings.provider_domain) as provider_domain,
        count(*) filter (where sightings.is_own) as document_count,
        count(*) filter (where sightings.is_own and articles.is_article) as article_count,
        count(*) filter (where not sightings.is_own) as related_item_count
    from staging.provider_sightings as sightings
    left join core.translations as articles on articles.document_id = sightings.document_id
    group by sightings.provider_id
),

domains as (
    select
        provider_domain,
        count(*) as domain_provider_count
    from sightings
    where provider_domain is not null
    group by provider_domain
)

select
    sightings.provider_id,
    coalesce(spellings.provider_name, sightings.provider_domain) as provider_name,
    sightings.provider_domain,
    coalesce(spellings.spelling_count, 0) as spelling_count,
    coalesce(domains.domain_provider_count, 1) as domain_provider_count,
    sightings.document_count,
    sightings.article_count,
    sightings.related_item_count,
    sightings.document_count = 0 as is_related_only
from sightings
left join spellings on spellings.provider_id = sightings.provider_id
left join domains on domains.provider_domain = sightings.provider_domain
