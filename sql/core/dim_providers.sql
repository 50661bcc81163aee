-- Providers that documents or related items name, and their domains.
--
-- A domain is a platform rather than a publisher: youtube.com alone carries hundreds of providers.
--
-- Grain: a provider that a document or a related item names.
-- Key: provider_id
-- References: organisation_id in core.dim_organisations
-- Role: dimension
-- Order: article_count desc
-- Columns:
--   provider_id
--   organisation_id
--   provider_name
--   provider_domain
--   registered_domain
--   is_platform
--   spelling_count
--   domain_provider_count: Providers on the same domain, including this one; 1 without a domain.
--   document_count: Documents that name the provider as their own.
--   article_count: Of these documents, those that are articles.
--   related_item_count: Related items that name the provider.
--   is_related_only: Whether only related items name the provider, so that none of its own documents was
--     collected.
with sightings as (
    select
        sightings.provider_id,
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
    from core.provider_names
    where provider_domain is not null
    group by provider_domain
)

select
    names.provider_id,
    organisations.organisation_id,
    names.provider_name,
    names.provider_domain,
    organisations.registered_domain,
    organisations.is_platform,
    names.spelling_count,
    coalesce(domains.domain_provider_count, 1) as domain_provider_count,
    sightings.document_count,
    sightings.article_count,
    sightings.related_item_count,
    sightings.document_count = 0 as is_related_only
from core.provider_names as names
inner join core.provider_organisations as organisations on organisations.provider_id = names.provider_id
inner join sightings on sightings.provider_id = names.provider_id
left join domains on domains.provider_domain = names.provider_domain
