-- The articles of a provider, of an organisation, or of all providers on a domain, latest first.
--
-- Grain: an article.
-- Parameters:
--   name_or_domain: Name of the provider, in any case, its domain, its provider_id, or an organisation_id,
--     for all of its providers. Providers with the same name on several domains are all included. One that
--     does not exist is an error that names similar providers.
-- Columns:
--   document_id
--   published_date
--   provider_name
--   title
--   topics
--   type
--   heat
--   quality
with found as (
    select provider_id
    from core.dim_providers
    where
        lower(provider_name) = lower(trim(name_or_domain))
        or provider_domain = lower(trim(name_or_domain))
        or provider_id = name_or_domain
        or organisation_id = name_or_domain
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select provider_id
    from found
    union all
    select
        no_match(
            'provider: no provider is called',
            name_or_domain,
            similar_names(list(name), name_or_domain),
            '`from providers` lists them'
        ) as provider_id
    from (select unnest([provider_name, provider_domain]) as name from core.dim_providers) as names
    having (select count(*) from found) = 0
)

select
    articles.document_id,
    articles.published_date,
    articles.provider_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.heat,
    articles.quality
from main.articles as articles
inner join core.articles as facts on facts.document_id = articles.document_id
inner join asked on asked.provider_id = facts.provider_id
order by articles.published_date desc nulls last, articles.document_id
