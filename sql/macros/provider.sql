-- The articles of a provider, of an organisation, or of all providers on a domain, latest first.
--
-- Grain: an article.
-- Parameters:
--   name_or_domain: Name of the provider, in any case, its domain, its provider_id, or an organisation_id,
--     for all of its providers. Providers with the same name on several domains are all included.
-- Columns:
--   document_id
--   published_date
--   provider_name
--   title
--   topics
--   type
--   heat
--   quality
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
inner join core.dim_providers as names on names.provider_id = facts.provider_id
where
    lower(names.provider_name) = lower(trim(name_or_domain))
    or names.provider_domain = lower(trim(name_or_domain))
    or names.provider_id = name_or_domain
    or names.organisation_id = name_or_domain
order by articles.published_date desc nulls last, articles.document_id
