-- What is counted must not be more than its base, and shares of voice must not add up to more than 1.
--
-- Severity: error
with counted as (
    select
        'topic_momentum' as mart,
        topic_id || ' ' || window_days as id,
        unnest([observed_count, previous_observed_count]) as part,
        unnest([base_count, previous_base_count]) as whole
    from marts.topic_momentum
    union all
    select
        'blindspots',
        provider_id || ' ' || topic_id,
        unnest([observed_count, observed_count, provider_observed_count, topic_observed_count]),
        unnest([provider_observed_count, topic_observed_count, base_count, base_count])
    from marts.blindspots
    union all
    select
        'provider_overlap',
        organisation_id_a || ' ' || organisation_id_b,
        shared_event_count,
        union_event_count
    from marts.provider_overlap
    union all
    select
        'provider_followers',
        leader_organisation_id || ' ' || follower_organisation_id,
        followed_event_count + tied_event_count,
        shared_event_count
    from marts.provider_followers
    union all
    select
        'provider_followers, p_value',
        leader_organisation_id || ' ' || follower_organisation_id,
        p_value,
        1
    from marts.provider_followers
    union all
    select
        'share_of_voice',
        period_grain || ' ' || period_start_date || ' ' || topic_id,
        sum(news_article_share),
        1
    from marts.share_of_voice
    group by period_grain, period_start_date, topic_id
)

select
    mart,
    id,
    part,
    whole
from counted
where part > whole + 1e-9
