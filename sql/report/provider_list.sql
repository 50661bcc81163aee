-- All providers that the page can filter by: those of report.providers, and all others of listed articles.
--
-- Grain: a provider.
-- Key: provider_number
-- Needs: provider
-- Columns:
--   provider_number: Number of the provider, from 1: the providers of report.providers by their rank, then
--     the others by counted articles; ties go by provider_id.
--   provider_id
--   provider_name
--   provider_domain
--   article_count: Counted articles of the provider, see report.scope.
with counts as (
    select
        articles.provider_id,
        count(*) as article_count
    from core.articles as articles
    inner join report.scope as scope on scope.has_news = articles.is_news
    where articles.provider_id is not null
    group by articles.provider_id
),

listed as (
    select provider_id
    from report.article_list
    where provider_id is not null
    union
    select provider_id
    from report.providers
)

select
    row_number() over (
        order by coalesce(counts.article_count, 0) desc, names.provider_id
    ) as provider_number,
    names.provider_id,
    names.provider_name,
    names.provider_domain,
    coalesce(counts.article_count, 0) as article_count
from core.dim_providers as names
left join counts on counts.provider_id = names.provider_id
where names.provider_id in (select provider_id from listed)
