-- Pairs of topics on the same articles, and whether they co-occur more often than chance predicts.
--
-- Articles with more than 100 topics are in no pair: one with 10,000 topics would make 50 million pairs.
--
-- Grain: an unordered pair of topics that share at least one article.
-- Key: topic_id_a, topic_id_b
-- References: topic_id_a in marts.coverage_by_topic, topic_id_b in marts.coverage_by_topic
-- Needs: topics
-- Columns:
--   topic_id_a: The topic of the pair that is first by id.
--   topic_id_b: The other topic of the pair.
--   topic_a: Spelling of topic_id_a that most documents use.
--   topic_b: Spelling of topic_id_b that most documents use.
--   article_count: Articles with both topics.
--   cluster_count [related]: Distinct clusters of these articles.
--   topic_a_article_count: Articles with topic_id_a, with or without the other topic.
--   topic_b_article_count: Articles with topic_id_b, with or without the other topic.
--   topic_a_share: Share (0..1) of the articles with topic_id_a that have topic_id_b too.
--   topic_b_share: Share (0..1) of the articles with topic_id_b that have topic_id_a too.
--   jaccard_share: Articles with both topics, as a share (0..1) of the articles with at least one of the two.
--   lift: Ratio of article_count to the count that chance predicts, which is topic_a_article_count times
--     topic_b_article_count divided by all articles: 1 is chance, above 1 the topics co-occur more often,
--     below 1 less often.
with paired as (
    select document_id
    from core.article_topics
    group by document_id
    having count(*) <= 100
),

pairs as (
    select
        a.topic_id as topic_id_a,
        b.topic_id as topic_id_b,
        count(*) as article_count,
        count(distinct articles.cluster_id) as cluster_count
    from paired
    inner join core.article_topics as a on a.document_id = paired.document_id
    inner join core.article_topics as b on b.document_id = a.document_id and b.topic_id > a.topic_id
    inner join core.articles as articles on articles.document_id = a.document_id
    group by a.topic_id, b.topic_id
),

totals as (
    select count(*) as article_count
    from core.articles
)

select
    pairs.topic_id_a,
    pairs.topic_id_b,
    a.topic as topic_a,
    b.topic as topic_b,
    pairs.article_count,
    pairs.cluster_count,
    a.article_count as topic_a_article_count,
    b.article_count as topic_b_article_count,
    pairs.article_count / a.article_count as topic_a_share,
    pairs.article_count / b.article_count as topic_b_share,
    pairs.article_count / (a.article_count + b.article_count - pairs.article_count) as jaccard_share,
    pairs.article_count::double * totals.article_count / (a.article_count::double * b.article_count) as lift
from pairs
cross join totals
inner join core.dim_topics as a on a.topic_id = pairs.topic_id_a
inner join core.dim_topics as b on b.topic_id = pairs.topic_id_b
