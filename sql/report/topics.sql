-- The hundred topics with most articles, of which the first twelve are in the charts; without omnipresent
-- topics.
--
-- Grain: a topic.
-- Key: topic_rank
-- Columns:
--   topic_rank: Rank of the topic: 1 for the topic with most articles, ties going by topic_id.
--   topic_id
--   topic
--   article_count: Counted articles with the topic, see report.scope.
--   article_share: Share (0..1) of the counted articles that have the topic.
--   event_count: Distinct events of its articles.
--   provider_count [provider]: Distinct providers of its articles.
--   window_article_count: Of its articles, those of the last window; see report.windows.
--   previous_window_article_count: Of its articles, those of the window before.
--   top_provider_name? [provider]: The provider with most of its articles, ties going to the first by id;
--     NULL if none has a provider.
--   last_published_at?: Latest published_at (UTC) of its articles with a calendar_date; NULL if none has
--     one.
--   topic_share?: Of marts.topic_momentum, for window_days of report.scope, as are the next columns: share of
--     the tagged events of the last window that have the topic; NULL if the topic is not there.
--   previous_topic_share?: The same of the window before.
--   share_difference?
--   share_difference_low?
--   share_difference_high?
--   q_value?
--   is_comparable?: Whether the shares of the two windows can be compared; NULL if the topic is not there.
--   break_reason?
--   topic_count: All topics of the counted articles, without omnipresent topics.
with counted as (
    select
        topics.topic_id,
        articles.event_id,
        articles.provider_id,
        if(articles.calendar_date is null, null, articles.published_at) as published_at,
        if(articles.days_before_window_end >= 0, articles.days_before_window_end // scope.window_days, null)
            as window_number,
        scope.article_count as all_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    inner join report.scope as scope on scope.has_news = articles.is_news
    where topics.topic_id not in (select topic_id from report.omnipresent_topics)
),

ranked as (
    select
        topic_id,
        count(*) as article_count,
        count(*) / min(all_count) as article_share,
        count(distinct event_id) as event_count,
        count(distinct provider_id) as provider_count,
        count(*) filter (where window_number = 0) as window_article_count,
        count(*) filter (where window_number = 1) as previous_window_article_count,
        max(published_at) as last_published_at,
        row_number() over (order by count(*) desc, topic_id) as topic_rank,
        count(*) over () as topic_count
    from counted
    group by topic_id
    qualify topic_rank <= 100
),

provider_counts as (
    select
        topic_id,
        provider_id,
        count(*) as article_count
    from counted
    where provider_id is not null
    group by topic_id, provider_id
),

top_providers as (
    select
        topic_id,
        first(provider_id order by article_count desc, provider_id) as provider_id
    from provider_counts
    group by topic_id
)

select
    ranked.topic_rank,
    ranked.topic_id,
    names.topic,
    ranked.article_count,
    ranked.article_share,
    ranked.event_count,
    ranked.provider_count,
    ranked.window_article_count,
    ranked.previous_window_article_count,
    providers.provider_name as top_provider_name,
    ranked.last_published_at,
    momentum.topic_share,
    momentum.previous_topic_share,
    momentum.share_difference,
    momentum.share_difference_low,
    momentum.share_difference_high,
    momentum.q_value,
    momentum.is_comparable,
    momentum.break_reason,
    ranked.topic_count
from ranked
cross join report.scope as scope
inner join core.dim_topics as names on names.topic_id = ranked.topic_id
left join top_providers on top_providers.topic_id = ranked.topic_id
left join core.dim_providers as providers on providers.provider_id = top_providers.provider_id
left join marts.topic_momentum as momentum
    on momentum.topic_id = ranked.topic_id and momentum.window_days = scope.window_days
