-- The forty pairs of topics that co-occur more often than chance predicts, by the events with both.
--
-- Only pairs whose is_more_than_chance in marts.topic_pairs is true, which has none of omnipresent topics.
--
-- Grain: an unordered pair of topics.
-- Key: pair_rank
-- Columns:
--   pair_rank: 1 for the pair on most events, ties going by the events beyond chance and then by the topic
--     ids.
--   topic_id_a
--   topic_id_b
--   topic_a
--   topic_b
--   observed_count
--   expected_count
--   lift
--   q_value
--   pair_count: All pairs that are more than chance.
select
    row_number() over (
        order by observed_count desc, observed_count - expected_count desc, topic_id_a, topic_id_b
    ) as pair_rank,
    topic_id_a,
    topic_id_b,
    topic_a,
    topic_b,
    observed_count,
    expected_count,
    lift,
    q_value,
    count(*) over () as pair_count
from marts.topic_pairs
where is_more_than_chance
qualify pair_rank <= 40
