-- Shares of a whole must add up to 1, and every share must be from 0 to 1.
--
-- Severity: error
with wholes as (
    select 'coverage_by_topic.topic_row_share' as share, sum(topic_row_share) as total
    from marts.coverage_by_topic
    union all
    select 'provider_report.provided_article_share', sum(provided_article_share)
    from marts.provider_report
    union all
    select 'provider_topics.topic_article_share of ' || topic_id, sum(topic_article_share)
    from marts.provider_topics
    group by topic_id
),

parts as (
    -- All shares that a mart has: it lacks those that need what no article has. A growth may be negative.
    select 'coverage_by_topic' as mart, topic_id as id, unnest([
        *columns(lambda name: regexp_matches(name, '_(share|hhi)$') and not contains(name, 'growth'))
    ]) as part
    from marts.coverage_by_topic
    union all
    select 'provider_report', provider_id, unnest([
        *columns(lambda name: regexp_matches(name, '_(share|hhi)$') and not contains(name, 'growth'))
    ])
    from marts.provider_report
    union all
    select 'author_report', author_id, unnest([
        *columns(lambda name: regexp_matches(name, '_(share|hhi)$') and not contains(name, 'growth'))
    ])
    from marts.author_report
    union all
    select 'topic_pairs', topic_id_a || ' ' || topic_id_b, unnest([
        topic_a_share, topic_b_share, jaccard_share, p_value, q_value
    ])
    from marts.topic_pairs
    union all
    select 'topic_momentum', topic_id || ' ' || window_days, unnest([
        topic_share, previous_topic_share, p_value, q_value
    ])
    from marts.topic_momentum
    union all
    select 'provider_topics', provider_id || ' ' || topic_id, unnest([
        provider_article_share, topic_article_share
    ])
    from marts.provider_topics
    union all
    select 'image_coverage', provider_id || ' ' || type, unnest([*columns('_share$')])
    from marts.image_coverage
    union all
    select 'related_coverage', provider_id, unnest([resolved_share, stale_title_share])
    from marts.related_coverage
    union all
    select 'field_completeness', type || ' ' || field, present_share
    from marts.field_completeness
)

select
    share,
    total as value,
    'does not add up to 1' as problem
from wholes
where abs(total - 1) > 1e-9
union all
select
    mart || ' of ' || id as share,
    part as value,
    'is not from 0 to 1' as problem
from parts
where part < 0 or part > 1 + 1e-9
