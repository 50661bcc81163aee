-- How much two organisations report the same: events in common, and likeness of their topics.
--
-- Events of more than 100 organisations are left out of shared events, and counted in the union.
--
-- Grain: two organisations, organisation_id_a before organisation_id_b, with at least 5 shared events.
-- Key: organisation_id_a, organisation_id_b
-- References: organisation_id_a in marts.organisation_report, organisation_id_b in marts.organisation_report
-- Order: shared_event_count desc
-- Needs: provider
-- Columns:
--   organisation_id_a
--   organisation_id_b
--   organisation_name_a: Name of the first.
--   organisation_name_b: Name of the second.
--   shared_event_count
--   union_event_count: Distinct events that either reported: the events of both, less the shared ones.
--   event_jaccard: The shared_event_count divided by union_event_count (0..1).
--   shared_topic_count [topics]: Topics of the news of both; omnipresent topics are left out.
--   topic_cosine? [topics]: Cosine (0..1) of the two vectors of news articles by topic, omnipresent topics
--     left out; 0 without a common topic, NULL if one of them has no topic.
with event_counts as (
    select
        organisation_id,
        count(*) as event_count
    from core.event_organisations
    group by organisation_id
),

paired as (
    select organisation_id_a as organisation_id
    from core.organisation_pairs
    union
    select organisation_id_b as organisation_id
    from core.organisation_pairs
),

topic_counts as materialized (
    select
        articles.organisation_id,
        links.topic_id,
        count(*) as article_count
    from core.article_topics as links
    inner join core.articles as articles on articles.document_id = links.document_id
    inner join paired on paired.organisation_id = articles.organisation_id
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where articles.is_news and not topics.is_omnipresent
    group by articles.organisation_id, links.topic_id
),

lengths as (
    select
        organisation_id,
        sum(article_count * article_count) as square
    from topic_counts
    group by organisation_id
),

products as (
    select
        pairs.organisation_id_a,
        pairs.organisation_id_b,
        count(*) as shared_topic_count,
        sum(a.article_count * b.article_count) as product
    from core.organisation_pairs as pairs
    inner join topic_counts as a on a.organisation_id = pairs.organisation_id_a
    inner join topic_counts as b on b.organisation_id = pairs.organisation_id_b and b.topic_id = a.topic_id
    group by pairs.organisation_id_a, pairs.organisation_id_b
)

select
    pairs.organisation_id_a,
    pairs.organisation_id_b,
    organisations_a.organisation_name as organisation_name_a,
    organisations_b.organisation_name as organisation_name_b,
    pairs.shared_event_count,
    events_a.event_count + events_b.event_count - pairs.shared_event_count as union_event_count,
    pairs.shared_event_count / (events_a.event_count + events_b.event_count - pairs.shared_event_count)
        as event_jaccard,
    coalesce(products.shared_topic_count, 0) as shared_topic_count,
    -- One root of whole numbers: the quotient is never above 1.
    coalesce(products.product, 0) / sqrt(lengths_a.square * lengths_b.square) as topic_cosine
from core.organisation_pairs as pairs
inner join core.dim_organisations as organisations_a
    on organisations_a.organisation_id = pairs.organisation_id_a
inner join core.dim_organisations as organisations_b
    on organisations_b.organisation_id = pairs.organisation_id_b
inner join event_counts as events_a on events_a.organisation_id = pairs.organisation_id_a
inner join event_counts as events_b on events_b.organisation_id = pairs.organisation_id_b
left join lengths as lengths_a on lengths_a.organisation_id = pairs.organisation_id_a
left join lengths as lengths_b on lengths_b.organisation_id = pairs.organisation_id_b
left join products
    on products.organisation_id_a = pairs.organisation_id_a
    and products.organisation_id_b = pairs.organisation_id_b
