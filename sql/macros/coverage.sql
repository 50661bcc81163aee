-- How the coverage of one topic moves: its periods in order, those without an article as zero.
--
-- Grain: a period, from the topic's first one to that of as_of_date; none where no article carries the topic.
-- Parameters:
--   topic_name: The topic, in any case of letters, or its topic_id.
--   grain = 'month': How long a period is: week, month, quarter or year.
-- Columns:
--   period_start_date
--   article_count: Articles published in the period that carry the topic.
--   story_count: Stories that these articles tell. Never sum this over periods.
--   provider_count
--   article_share?: Share (0..1) of all articles published in the period; NULL where there were none at all.
--   previous_article_count?: Articles in the period before; NULL in the first.
--   growth_share?: Growth over the period before, as a share of it; NULL where there were none.
--   cumulative_article_count: Articles from the first period to the end of this one.
--   is_period_complete: Whether the period had ended by as_of_date.
select
    periods.period_start_date,
    periods.article_count,
    periods.story_count,
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
