-- Articles by provider and period, for the charts without a chosen topic.
--
-- Grain: a provider that can be chosen, or all others together, and a period with at least one article.
-- Key: provider_rank, period_number
-- Columns:
--   provider_rank: The provider by report.providers, 1 to 40; 0 for all others and for articles without a
--     provider.
--   period_number: The period by report.periods; -1 for articles without a calendar_date and for those before
--     the first period.
--   article_count: Articles published in the period.
select
    if(coalesce(providers.provider_rank, 41) <= 40, providers.provider_rank, 0) as provider_rank,
    coalesce(periods.period_number, -1) as period_number,
    count(*) as article_count
from core.articles as articles
left join report.periods as periods
    on articles.calendar_date between periods.period_start_date and periods.period_end_date
left join report.providers as providers on providers.provider_id = articles.provider_id
group by 1, 2
