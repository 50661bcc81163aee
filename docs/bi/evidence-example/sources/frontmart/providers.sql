-- Names are labels: unique, so one that several providers have is followed by the domain or the id, as in the report.
-- One row of NULLs if there is none: Evidence keeps no table without rows.
with named as (
    select
        provider_id,
        organisation_id,
        coalesce(provider_name, provider_id) as provider_name,
        provider_domain,
        article_count
    from core.dim_providers
)

select
    named.provider_id,
    named.organisation_id,
    named.provider_name,
    case
        when count(*) over (partition by named.provider_name) = 1 then named.provider_name
        when named.provider_domain is not null
            and count(*) over (partition by named.provider_name, named.provider_domain) = 1
            then named.provider_name || ' (' || named.provider_domain || ')'
        else named.provider_name || ' (' || named.provider_id || ')'
    end as provider,
    named.provider_domain,
    named.article_count
from (select 1) as always
left join named on true
