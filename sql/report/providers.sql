-- The hundred providers with most articles, of which forty can be chosen and twelve are in the charts at a
-- time.
--
-- Grain: a provider.
-- Key: provider_rank
-- Columns:
--   provider_rank: Rank of the provider: 1 for the provider with most articles, ties going by provider_id.
--   provider_id
--   provider_name
--   provider_domain
--   article_count
--   article_share
--   cluster_count
--   window_article_count: Of its articles, those of the last window; see report.windows.
--   previous_window_article_count: Of its articles, those of the window before.
--   shared_cluster_count: The shared_event_count of marts.provider_report.
--   first_to_publish_count: The firsts of marts.provider_report.
--   first_to_publish_share?: Share (0..1) of the shared events that it was first to report; NULL if there are
--     none.
--   median_lag_hours
--   last_published_at
with ranked as (
    select
        row_number() over (order by article_count desc, provider_id) as provider_rank,
        provider_id,
        provider_name,
        provider_domain,
        article_count,
        article_share,
        cluster_count,
        shared_event_count as shared_cluster_count,
        firsts as first_to_publish_count,
        firsts / nullif(shared_event_count, 0) as first_to_publish_share,
        median_lag_hours,
        last_published_at
    from marts.provider_report
    qualify provider_rank <= 100
),

counts as (
    select
        articles.provider_id,
        count(*) filter (where windows.window_number = 0) as window_article_count,
        count(*) filter (where windows.window_number = 1) as previous_window_article_count
    from core.articles as articles
    inner join report.windows as windows
        on articles.calendar_date between windows.first_date and windows.last_date
    group by articles.provider_id
)

select
    ranked.provider_rank,
    ranked.provider_id,
    ranked.provider_name,
    ranked.provider_domain,
    ranked.article_count,
    ranked.article_share,
    ranked.cluster_count,
    coalesce(counts.window_article_count, 0) as window_article_count,
    coalesce(counts.previous_window_article_count, 0) as previous_window_article_count,
    ranked.shared_cluster_count,
    ranked.first_to_publish_count,
    ranked.first_to_publish_share,
    ranked.median_lag_hours,
    ranked.last_published_at
from ranked
left join counts on counts.provider_id = ranked.provider_id
