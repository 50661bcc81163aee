-- Organisations, which publish under one provider or several: see core.provider_organisations for the rule.
--
-- Grain: an organisation of at least one provider.
-- Key: organisation_id
-- Role: dimension
-- Order: article_count desc
-- Columns:
--   organisation_id
--   organisation_name: The name most mentioned of its providers, those that the reviewed file adds coming
--     last, ties going to the first alphabetically.
--   is_platform: Whether all of its providers are on platforms, such as a channel of a video site.
--   is_omnipresent: Whether it has half or more of the news articles with an organisation: it says little
--     about the others, and shares are also given without it.
--   provider_count: Providers of the organisation.
--   domain_count: Distinct registered domains of these providers.
--   mention_count: Documents and related items that name one of these providers.
--   article_count: Articles of these providers.
--   news_article_count: Of these articles, those of kind news.
--   news_article_share?: Share (0..1) of the news articles with an organisation; NULL if there is no news.
with names as (
    select
        organisation_id,
        first(
            provider_name order by organisation_id <> rule_organisation_id, mention_count desc, provider_name
        ) as organisation_name,
        bool_and(is_platform) as is_platform,
        count(*) as provider_count,
        count(distinct registered_domain) as domain_count,
        cast(sum(mention_count) as bigint) as mention_count
    from core.provider_organisations
    group by organisation_id
),

counts as (
    select
        organisation_id,
        count(*) as article_count,
        count(*) filter (where is_news) as news_article_count
    from core.articles
    where organisation_id is not null
    group by organisation_id
),

totals as (
    select sum(news_article_count) as news_article_count
    from counts
)

select
    names.organisation_id,
    names.organisation_name,
    names.is_platform,
    coalesce(counts.news_article_count, 0) > 0
        and counts.news_article_count * 2 >= totals.news_article_count as is_omnipresent,
    names.provider_count,
    names.domain_count,
    names.mention_count,
    coalesce(counts.article_count, 0) as article_count,
    coalesce(counts.news_article_count, 0) as news_article_count,
    coalesce(counts.news_article_count, 0) / nullif(totals.news_article_count, 0) as news_article_share
from names
cross join totals
left join counts on counts.organisation_id = names.organisation_id
