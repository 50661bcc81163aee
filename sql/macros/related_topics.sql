-- The topics that share articles with a topic: those that do so more often than chance predicts first, then
-- those with most shared articles. Omnipresent topics are left out.
--
-- Grain: another topic that shares at least one article with the given one.
-- Formerly: together
-- Parameters:
--   topic_name: The topic, in any case, or its topic_id. One that does not exist is an error that names
--     similar topics.
-- Columns:
--   topic: The other topic, in the spelling that most documents use.
--   is_more_than_chance
--   article_count
--   news_article_count
--   event_count
--   cluster_count
--   article_share: Share (0..1) of the articles with the given topic that have the other one too.
--   other_article_share: Share (0..1) of the articles with the other topic that have the given one too.
--   observed_count
--   expected_count
--   lift
--   p_value
--   q_value
--   topic_id: Slug of the other topic.
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
            'related_topics: no topic is called',
            topic_name,
            similar_names(list(topic), topic_name),
            '`from topics` lists them'
        ) as topic_id
    from core.dim_topics
    having (select count(*) from found) = 0
),

pairs as (
    select
        pairs.topic_id_a as asked_topic_id,
        pairs.topic_id_b as topic_id,
        pairs.topic_b as topic,
        pairs.is_more_than_chance,
        pairs.article_count,
        pairs.news_article_count,
        pairs.event_count,
        pairs.cluster_count,
        pairs.topic_a_share as article_share,
        pairs.topic_b_share as other_article_share,
        pairs.observed_count,
        pairs.expected_count,
        pairs.lift,
        pairs.p_value,
        pairs.q_value
    from marts.topic_pairs as pairs
    union all
    select
        pairs.topic_id_b as asked_topic_id,
        pairs.topic_id_a as topic_id,
        pairs.topic_a as topic,
        pairs.is_more_than_chance,
        pairs.article_count,
        pairs.news_article_count,
        pairs.event_count,
        pairs.cluster_count,
        pairs.topic_b_share as article_share,
        pairs.topic_a_share as other_article_share,
        pairs.observed_count,
        pairs.expected_count,
        pairs.lift,
        pairs.p_value,
        pairs.q_value
    from marts.topic_pairs as pairs
)

select
    pairs.topic,
    pairs.is_more_than_chance,
    pairs.article_count,
    pairs.news_article_count,
    pairs.event_count,
    pairs.cluster_count,
    pairs.article_share,
    pairs.other_article_share,
    pairs.observed_count,
    pairs.expected_count,
    pairs.lift,
    pairs.p_value,
    pairs.q_value,
    pairs.topic_id
from pairs
inner join asked on asked.topic_id = pairs.asked_topic_id
order by pairs.is_more_than_chance desc, pairs.article_count desc, pairs.lift desc nulls last, pairs.topic_id
