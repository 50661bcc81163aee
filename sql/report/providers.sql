-- The hundred providers with most articles: twelve at a time are in the charts, the first forty can be
-- chosen.
--
-- Grain: a provider.
-- Key: provider_rank
-- Needs: provider
-- Columns:
--   provider_rank: Rank of the provider: 1 for the provider with most articles, ties going by provider_id.
--   provider_id
--   provider_name
--   provider_domain
--   article_count: Counted articles of the provider, see report.scope.
--   article_share: Share (0..1) of the counted articles that are from the provider.
--   event_count: Distinct events of its articles.
--   shared_event_count
--   firsts
--   expected_firsts
--   first_ratio?
--   median_lag_hours?
--   window_article_count: Of its articles, those of the last window; see report.windows.
--   previous_window_article_count: Of its articles, those of the window before.
--   last_published_at?: Latest published_at (UTC) of its articles with a calendar_date; NULL if none has
--     one.
with counted as (
    select
        articles.provider_id,
        articles.event_id,
        if(articles.calendar_date is null, null, articles.published_at) as published_at,
        if(articles.days_before_window_end >= 0, articles.days_before_window_end // scope.window_days, null)
            as window_number,
        scope.article_count as all_count
    from core.articles as articles
    inner join report.scope as scope on scope.has_news = articles.is_news
    where articles.provider_id is not null
),

ranked as (
    select
        provider_id,
        count(*) as article_count,
        count(*) / min(all_count) as article_share,
        count(distinct event_id) as event_count,
        count(*) filter (where window_number = 0) as window_article_count,
        count(*) filter (where window_number = 1) as previous_window_article_count,
        max(published_at) as last_published_at,
        row_number() over (order by count(*) desc, provider_id) as provider_rank
    from counted
    group by provider_id
    qualify provider_rank <= 100
)

select
    ranked.provider_rank,
    ranked.provider_id,
    names.provider_name,
    names.provider_domain,
    ranked.article_count,
    ranked.article_share,
    ranked.event_count,
    measures.shared_event_count,
    measures.firsts,
    measures.expected_firsts,
    measures.first_ratio,
    measures.median_lag_hours,
    ranked.window_article_count,
    ranked.previous_window_article_count,
    ranked.last_published_at
from ranked
inner join core.dim_providers as names on names.provider_id = ranked.provider_id
inner join marts.provider_report as measures on measures.provider_id = ranked.provider_id
