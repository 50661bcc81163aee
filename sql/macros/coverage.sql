-- Coverage of one topic over time: its periods in order, with zeros for those without an article.
--
-- Grain: a period, from that of the topic's first article to that of its last one; no row if no article has
--   the topic, or if it has too few for the grain, see marts.coverage_by_topic_over_time.
-- Parameters:
--   topic_name: The topic, in any case, or its topic_id. One that does not exist is an error that names
--     similar topics.
--   grain = 'month': Length of a period: week, month, quarter or year. Any other word is an error.
-- Columns:
--   period_start_date
--   article_count
--   news_article_count
--   event_count
--   cluster_count
--   provider_count
--   article_share
--   tagged_news_share
--   previous_article_count
--   growth_share
--   cumulative_article_count
--   is_period_complete
with found as (
    select topic_id
    from core.dim_topics
    where lower(topic) = lower(trim(topic_name)) or topic_id = topic_name
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select topic_id
    from found
    union all
    select
        no_match(
            'coverage: no topic is called',
            topic_name,
            similar_names(list(topic), topic_name),
            '`from topics` lists them'
        ) as topic_id
    from core.dim_topics
    having (select count(*) from found) = 0
),

given as materialized (
    select
        case
            when lower(word) in ('week', 'month', 'quarter', 'year') then lower(word)
            else no_match('coverage: grain is', word, null, 'write week, month, quarter or year')
        end as period_grain
    from (values (cast(grain as varchar))) as words(word)
)

select
    periods.period_start_date,
    periods.article_count,
    periods.news_article_count,
    periods.event_count,
    periods.cluster_count,
    periods.provider_count,
    periods.article_share,
    periods.tagged_news_share,
    periods.previous_article_count,
    periods.growth_share,
    periods.cumulative_article_count,
    periods.is_period_complete
from marts.coverage_by_topic_over_time as periods
inner join asked on asked.topic_id = periods.topic_id
inner join given on given.period_grain = periods.period_grain
order by periods.period_start_date
