-- Articles by provider and period, for the charts without a chosen topic.
--
-- Grain: a provider that can be chosen, or all others together, and a period with at least one article.
-- Key: provider_rank, period_number
-- Columns:
--   provider_rank: The provider by report.providers, 1 to 40; 0 for all others and for articles without a
--     provider.
--   period_number: The period by report.periods; -1 for articles in none of them.
--   article_count: Counted articles published in the period, see report.scope.
select
    if(coalesce(providers.provider_rank, 41) <= 40, providers.provider_rank, 0) as provider_rank,
    coalesce(periods.period_number, -1) as period_number,
    count(*) as article_count
from core.articles as articles
inner join report.scope as scope on scope.has_news = articles.is_news
left join report.periods as periods
    on articles.calendar_date between periods.period_start_date and periods.period_end_date
left join report.providers as providers on providers.provider_id = articles.provider_id
group by 1, 2
