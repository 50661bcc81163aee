-- Coverage of one topic over time: its periods in order, with zeros for those without an article.
--
-- Grain: a period, from that of the topic's first article to that of as_of_date; no row if no article has the
--   topic.
-- Parameters:
--   topic_name: The topic, in any case, or its topic_id.
--   grain = 'month': Length of a period: week, month, quarter or year.
-- Columns:
--   period_start_date
--   article_count
--   cluster_count
--   provider_count
--   article_share
--   previous_article_count
--   growth_share
--   cumulative_article_count
--   is_period_complete
select
    periods.period_start_date,
    periods.article_count,
    periods.cluster_count,
    periods.provider_count,
    periods.article_share,
    periods.previous_article_count,
    periods.growth_share,
    periods.cumulative_article_count,
    periods.is_period_complete
from marts.coverage_by_topic_over_time as periods
where
    (lower(periods.topic) = lower(trim(topic_name)) or periods.topic_id = topic_name)
    and periods.period_grain = lower(grain)
order by periods.period_start_date
