-- Concentration of the coverage on its largest providers.
--
-- Grain: the report; always one row.
-- Key: provided_article_count
-- Columns:
--   provided_article_count: Articles with a provider.
--   top_1_article_count: Of these articles, those of the largest provider.
--   top_5_article_count: Of these articles, those of the five largest providers.
--   top_10_article_count: Of these articles, those of the ten largest providers.
--   provider_hhi?: Concentration (0..1), the Herfindahl-Hirschman index: the sum of the squared shares of the
--     providers, 1 for a single provider; NULL if no article has a provider.
with ranked as (
    select
        article_count,
        row_number() over (order by article_count desc, provider_id) as provider_rank
    from marts.provider_report
)

select
    cast(coalesce(sum(article_count), 0) as bigint) as provided_article_count,
    cast(coalesce(sum(if(provider_rank <= 1, article_count, 0)), 0) as bigint) as top_1_article_count,
    cast(coalesce(sum(if(provider_rank <= 5, article_count, 0)), 0) as bigint) as top_5_article_count,
    cast(coalesce(sum(if(provider_rank <= 10, article_count, 0)), 0) as bigint) as top_10_article_count,
    sum(article_count * article_count) / (sum(article_count) * sum(article_count)) as provider_hhi
from ranked
