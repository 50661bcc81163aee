-- The organisation of each provider: who publishes, whatever the spelling of its name and its subdomain.
--
-- Names are compared folded (folded_name) and without spaces; domains by registered_domain, the label of
-- which is all before its first dot. On a domain, a name that ends in ` on ` and the label or the whole
-- domain loses that. Two texts are akin if one contains the other and both have 3 characters or more, or if
-- they are equal.
--
-- A registered domain is a platform if it is a well-known one (is_known_platform), has 10 names or more, or 3
-- or more that are not akin to its label. A provider on a platform is one organisation with those of the same
-- folded name there. All providers on any other domain are one organisation. Its main name is the folded name
-- of most mentions, ties going to the first alphabetically. Domains with the same main name of 4 characters
-- or more, each akin to its own label, are one organisation, named after the shortest domain, ties going to
-- the first alphabetically. A provider without a domain is the organisation whose main name it has, if
-- exactly one has it; if none or several have, only the same names without a domain are one. All else stays
-- apart.
--
-- The id changes when a domain becomes a platform, when a shorter domain of the same main name joins, when
-- the main name changes, and with the reviewed file of aliases; nothing else changes it. See
-- docs/organisations.md.
--
-- Grain: a provider that a document or a related item names.
-- Key: provider_id
-- Columns:
--   provider_id
--   provider_name
--   mention_count
--   registered_domain?: The registered domain of provider_domain; NULL without one.
--   name_key?: The folded name without spaces; NULL if no mention has a name.
--   is_platform: Whether registered_domain is a platform; false without a domain.
--   rule_organisation_id: The organisation by rule alone: a registered domain, `domain/name` on a platform,
--     or `~/name` without a domain.
--   organisation_id: The organisation: rule_organisation_id, or what the reviewed file makes of provider_id
--     or, if that is not in it, of rule_organisation_id.
with folded as (
    select
        provider_id,
        provider_name,
        mention_count,
        nullif(registered_domain(provider_domain), '') as registered_domain,
        if(spelling_count > 0, folded_name(provider_name), null) as words,
        folded_name(regexp_extract(registered_domain, '^[^.]+')) as label
    from core.provider_names
),

names as (
    select
        provider_id,
        provider_name,
        mention_count,
        registered_domain,
        replace(label, ' ', '') as label,
        replace(
            case
                when ends_with(words, ' on ' || label) then left(words, length(words) - length(label) - 4)
                when ends_with(words, ' on ' || folded_name(registered_domain))
                    then left(words, length(words) - length(folded_name(registered_domain)) - 4)
                else words
            end,
            ' ',
            ''
        ) as name_key
    from folded
),

domain_names as (
    select
        registered_domain,
        name_key,
        sum(mention_count) as mention_count,
        name_key = label or (
            least(length(name_key), length(label)) >= 3
            and (contains(name_key, label) or contains(label, name_key))
        ) as is_akin
    from names
    where registered_domain is not null and name_key is not null
    group by registered_domain, label, name_key
),

domains as (
    select
        registered_domain,
        first(name_key order by mention_count desc, name_key) as main_name,
        first(is_akin order by mention_count desc, name_key) as is_akin,
        is_known_platform(registered_domain) or count(*) >= 10 or count(*) filter (where not is_akin) >= 3
            as is_platform
    from domain_names
    group by registered_domain
),

publishers as (
    select
        registered_domain,
        main_name,
        if(
            is_akin and length(main_name) >= 4,
            first_value(registered_domain) over (
                partition by main_name, is_akin
                order by length(registered_domain), registered_domain
            ),
            registered_domain
        ) as organisation_id
    from domains
    where not is_platform
),

unambiguous as (
    select
        main_name,
        min(organisation_id) as organisation_id
    from publishers
    group by main_name
    having count(distinct organisation_id) = 1
),

by_rule as (
    select
        names.provider_id,
        names.provider_name,
        names.mention_count,
        names.registered_domain,
        names.name_key,
        coalesce(domains.is_platform, is_known_platform(names.registered_domain), false) as is_platform,
        case
            when names.registered_domain is null
                then coalesce(unambiguous.organisation_id, '~/' || coalesce(names.name_key, '~'))
            when domains.is_platform or is_known_platform(names.registered_domain)
                then names.registered_domain || '/' || coalesce(names.name_key, '~')
            else coalesce(publishers.organisation_id, names.registered_domain)
        end as rule_organisation_id
    from names
    left join domains on domains.registered_domain = names.registered_domain
    left join publishers on publishers.registered_domain = names.registered_domain
    left join unambiguous on unambiguous.main_name = names.name_key
)

select
    by_rule.provider_id,
    by_rule.provider_name,
    by_rule.mention_count,
    by_rule.registered_domain,
    by_rule.name_key,
    by_rule.is_platform,
    by_rule.rule_organisation_id,
    coalesce(of_provider.target, of_organisation.target, by_rule.rule_organisation_id) as organisation_id
from by_rule
left join staging.aliases as of_provider
    on of_provider.kind = 'organisation' and of_provider.alias = by_rule.provider_id
left join staging.aliases as of_organisation
    on of_organisation.kind = 'organisation' and of_organisation.alias = by_rule.rule_organisation_id
