-- Concentration of the counted articles on their largest providers, see report.scope.
--
-- Grain: the report; always one row.
-- Key: provided_article_count
-- Columns:
--   provided_article_count: Counted articles with a provider.
--   top_5_article_count: Of these articles, those of the five largest providers.
--   effective_provider_count?: The number of providers of equal size that would be as concentrated: 1 divided
--     by the sum of the squared shares of the providers; NULL if no counted article has a provider.
with provider_counts as (
    select
        articles.provider_id,
        count(*) as article_count,
        row_number() over (order by count(*) desc, articles.provider_id) as provider_rank
    from core.articles as articles
    inner join report.scope as scope on scope.has_news = articles.is_news
    where articles.provider_id is not null
    group by articles.provider_id
)

select
    cast(coalesce(sum(article_count), 0) as bigint) as provided_article_count,
    cast(coalesce(sum(if(provider_rank <= 5, article_count, 0)), 0) as bigint) as top_5_article_count,
    (sum(article_count) * sum(article_count)) / sum(article_count * article_count) as effective_provider_count
from provider_counts
