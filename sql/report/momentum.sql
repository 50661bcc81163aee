-- Topics whose share of the tagged events differs between the last window and the one before, more than
-- chance predicts.
--
-- Of marts.topic_momentum, the rows for window_days of report.scope that have a q_value of at most 0.05 and
-- are comparable.
--
-- Grain: a topic.
-- Key: topic_id
-- Columns:
--   topic_id
--   topic
--   observed_count
--   base_count
--   previous_base_count
--   topic_share
--   previous_topic_share
--   share_difference
--   share_difference_low
--   share_difference_high
--   is_emerging
select
    momentum.topic_id,
    momentum.topic,
    momentum.observed_count,
    momentum.base_count,
    momentum.previous_base_count,
    momentum.topic_share,
    momentum.previous_topic_share,
    momentum.share_difference,
    momentum.share_difference_low,
    momentum.share_difference_high,
    momentum.is_emerging
from marts.topic_momentum as momentum
inner join report.scope as scope on scope.window_days = momentum.window_days
where momentum.is_comparable and momentum.q_value <= 0.05
