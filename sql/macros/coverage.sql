-- Coverage of one topic over time: its periods in order, with zeros for those without an article.
--
-- Grain: a period, from that of the topic's first article to that of its last one; no row if no article has
--   the topic, or if it has too few for the grain, see marts.coverage_by_topic_over_time.
-- Parameters:
--   topic_name: The topic, in any case, or its topic_id.
--   grain = 'month': Length of a period: week, month, quarter or year.
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
where
    (lower(periods.topic) = lower(trim(topic_name)) or periods.topic_id = topic_name)
    and periods.period_grain = lower(grain)
order by periods.period_start_date
