-- Topics that go together: which pairs the same article carries, and whether more often than chance would
-- have it. An article of more than 100 topics is in no pair: one of 10,000 would make 50 million.
--
-- Grain: an unordered pair of topics that at least one article carries both of.
-- Key: topic_id_a, topic_id_b
-- References: topic_id_a in marts.coverage_by_topic, topic_id_b in marts.coverage_by_topic
-- Columns:
--   topic_id_a: The topic of the pair that comes first by id.
--   topic_id_b: The other topic.
--   topic_a: Spelling of the first topic that most documents use.
--   topic_b: Spelling of the other topic that most documents use.
--   article_count: Articles that carry both.
--   story_count: Stories that these articles tell.
--   topic_a_article_count: Articles that carry the first topic, with or without the other.
--   topic_b_article_count: Articles that carry the other topic, with or without the first.
--   topic_a_share: Share (0..1) of the first topic's articles that carry the other too.
--   topic_b_share: Share (0..1) of the other topic's articles that carry the first too.
--   jaccard_share: Articles that carry both, as a share (0..1) of those that carry at least one of the two.
--   lift: How many times more often both occur than if they had nothing to do with each other, over all
--     articles: 1 is chance, above 1 they attract, below 1 they avoid each other.
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
        count(distinct articles.story_id) as story_count
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
    pairs.story_count,
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
