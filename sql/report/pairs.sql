-- The forty pairs of topics that co-occur at least a tenth more often than chance predicts, by the number of
-- articles beyond chance.
--
-- A topic of every article co-occurs with all others just as chance predicts, so it is in no pair here.
--
-- Grain: an unordered pair of topics that share at least two articles.
-- Key: pair_rank
-- Columns:
--   pair_rank: 1 for the pair with most articles beyond chance, ties going by article_count and then by the
--     topic ids.
--   topic_id_a
--   topic_id_b
--   topic_a
--   topic_b
--   article_count
--   cluster_count
--   jaccard_share
--   lift
select
    row_number() over (
        order by article_count * (1 - 1 / lift) desc, article_count desc, topic_id_a, topic_id_b
    ) as pair_rank,
    topic_id_a,
    topic_id_b,
    topic_a,
    topic_b,
    article_count,
    cluster_count,
    jaccard_share,
    lift
from marts.topic_pairs
where article_count >= 2 and lift >= 1.1
qualify pair_rank <= 40
