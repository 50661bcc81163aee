-- The name and the domain of each provider, from all of its mentions.
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
--   mention_count: Documents and related items that name the provider.
with spellings as (
    select
        provider_id,
        provider_name,
        min(provider_domain) as provider_domain,
        count(*) as mention_count
    from staging.provider_sightings
    group by provider_id, provider_name
)

select
    provider_id,
    coalesce(
        first(provider_name order by provider_name is null, mention_count desc, provider_name),
        min(provider_domain)
    ) as provider_name,
    min(provider_domain) as provider_domain,
    count(provider_name) as spelling_count,
    cast(sum(mention_count) as bigint) as mention_count
from spellings
group by provider_id
