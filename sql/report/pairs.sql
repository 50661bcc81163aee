-- The forty pairs of topics that run together at least a tenth more often than chance would have it, by how
-- many articles that is.
--
-- A topic that every article carries goes with all others as chance has it, and so is in no pair here.
--
-- Grain: an unordered pair of topics that several articles carry both of.
-- Key: pair_rank
-- Columns:
--   pair_rank: 1 for the pair with most articles beyond chance; ties go by topic_id.
--   topic_id_a
--   topic_id_b
--   topic_a: Its spelling.
--   topic_b: Spelling of the other topic.
--   article_count
--   story_count
--   jaccard_share: These as a share (0..1) of the articles that carry at least one of the two.
--   lift: How many times more often both occur than if they had nothing to do with each other.
select
    row_number() over (
        order by article_count * (1 - 1 / lift) desc, article_count desc, topic_id_a, topic_id_b
    ) as pair_rank,
    topic_id_a,
    topic_id_b,
    topic_a,
    topic_b,
    article_count,
    story_count,
    jaccard_share,
    lift
from marts.topic_pairs
where article_count >= 2 and lift >= 1.1
qualify pair_rank <= 40
