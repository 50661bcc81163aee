-- Pairs of topics on the same articles, and whether they co-occur more often than chance predicts.
--
-- Omnipresent topics are in no pair, nor are articles with more than 100 other topics: one with 10,000 topics
-- would make 50 million pairs. Whether a pair is chance is tested on events, each with the topics of its lead
-- article (see core.tagged_articles), so that copies of one event count once.
--
-- What chance predicts: of all tags of the leads, those of one topic fall at random on the tags that are not
-- of the other topic. So an article with many tags makes pairs by chance, and articles without tags do not
-- make every pair look close. With n_a leads of topic a, s_a other tags on these leads, and K tags of all
-- leads, chance predicts n_b * s_a / (K - n_a) leads with both, or n_a * s_b / (K - n_b) if the roles are
-- exchanged: the larger of the two counts (the first if they are equal).
--
-- Grain: an unordered pair of topics that share at least one article.
-- Key: topic_id_a, topic_id_b
-- References: topic_id_a in marts.coverage_by_topic, topic_id_b in marts.coverage_by_topic
-- Order: q_value, observed_count desc
-- Needs: topics
-- Columns:
--   topic_id_a: The topic of the pair that is first by id.
--   topic_id_b: The other topic of the pair.
--   topic_a: Spelling of topic_id_a that most documents use.
--   topic_b: Spelling of topic_id_b that most documents use.
--   article_count: Articles with both topics.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   cluster_count [related]: Distinct clusters of these articles.
--   topic_a_article_count: Articles with topic_id_a, with or without the other topic.
--   topic_b_article_count: Articles with topic_id_b, with or without the other topic.
--   topic_a_share: Share (0..1) of the articles with topic_id_a that have topic_id_b too.
--   topic_b_share: Share (0..1) of the articles with topic_id_b that have topic_id_a too.
--   jaccard_share: Articles with both topics, as a share (0..1) of the articles with at least one of the two.
--   observed_count: Events whose lead article has both topics.
--   topic_a_observed_count: Events whose lead article has topic_id_a (n_a).
--   topic_b_observed_count: Events whose lead article has topic_id_b (n_b).
--   topic_a_other_tag_count: Other tags on the leads with topic_id_a (s_a).
--   topic_b_other_tag_count: Other tags on the leads with topic_id_b (s_b).
--   tag_count: Tags of all leads (K), the same in every row.
--   expected_count: Events with both topics that chance predicts, see above; 0 if chance cannot make any.
--   lift?: Ratio of observed_count to expected_count: 1 is chance, above 1 the topics co-occur more often,
--     below 1 less often; NULL if expected_count is 0.
--   p_value?: Probability of at least observed_count by chance: the upper tail of the hypergeometric
--     distribution, of which expected_count is the mean (n_b drawn of K - n_a, of which s_a are marked; or
--     exchanged). NULL if one of the topics has fewer than 5 events, or observed_count is 0.
--   q_value?: False discovery rate at which the pair counts as more than chance, by Benjamini and Hochberg,
--     over all pairs of topics with at least 5 events each, those never seen together included with a p of 1;
--     NULL where p_value is.
--   is_more_than_chance: Whether q_value is at most 0.05 and observed_count at least 5.
with tagged as (
    select
        links.document_id,
        count(*) as tag_count
    from core.article_topics as links
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where not topics.is_omnipresent
    group by links.document_id
    having count(*) <= 100
),

articles as (
    select
        tagged.document_id,
        tagged.tag_count,
        articles.cluster_id,
        articles.event_id,
        articles.is_news,
        coalesce(leads.is_event_lead, false) as is_event_lead
    from tagged
    inner join core.articles as articles on articles.document_id = tagged.document_id
    left join core.tagged_articles as leads on leads.document_id = tagged.document_id
),

tags as (
    select
        links.document_id,
        links.topic_id
    from core.article_topics as links
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where not topics.is_omnipresent
),

pairs as (
    select
        a.topic_id as topic_id_a,
        b.topic_id as topic_id_b,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(distinct articles.event_id) as event_count,
        count(distinct articles.cluster_id) as cluster_count,
        count(*) filter (where articles.is_event_lead) as observed_count
    from articles
    inner join tags as a on a.document_id = articles.document_id
    inner join tags as b on b.document_id = a.document_id and b.topic_id > a.topic_id
    where articles.tag_count > 1
    group by a.topic_id, b.topic_id
),

leads as (
    select
        tags.topic_id,
        count(*) as event_count,
        cast(sum(articles.tag_count - 1) as bigint) as other_tag_count
    from articles
    inner join tags on tags.document_id = articles.document_id
    where articles.is_event_lead
    group by tags.topic_id
),

totals as (
    select
        cast(coalesce(sum(event_count), 0) as bigint) as tag_count,
        count(*) filter (where event_count >= 5) as tested_topic_count
    from leads
),

counted as (
    select
        pairs.topic_id_a,
        pairs.topic_id_b,
        pairs.article_count,
        pairs.news_article_count,
        pairs.event_count,
        pairs.cluster_count,
        pairs.observed_count,
        coalesce(a.event_count, 0) as n_a,
        coalesce(b.event_count, 0) as n_b,
        coalesce(a.other_tag_count, 0) as s_a,
        coalesce(b.other_tag_count, 0) as s_b,
        totals.tag_count,
        totals.tested_topic_count * (totals.tested_topic_count - 1) // 2 as family_count,
        coalesce(n_b * s_a / nullif(totals.tag_count - n_a, 0), 0) as expected_of_a,
        coalesce(n_a * s_b / nullif(totals.tag_count - n_b, 0), 0) as expected_of_b,
        expected_of_a >= expected_of_b as is_of_a,
        n_a >= 5 and n_b >= 5 and pairs.observed_count > 0 as is_tested
    from pairs
    cross join totals
    left join leads as a on a.topic_id = pairs.topic_id_a
    left join leads as b on b.topic_id = pairs.topic_id_b
),

draws as (
    select
        topic_id_a,
        topic_id_b,
        family_count,
        observed_count as hits,
        if(is_of_a, s_a, s_b) as marked,
        if(is_of_a, n_b, n_a) as drawn,
        tag_count - if(is_of_a, n_a, n_b) as population
    from counted
    where is_tested
),

p_values as (
    select
        topic_id_a,
        topic_id_b,
        family_count,
        hypergeometric_upper_p(hits, marked, drawn, population) as p_value
    from draws
),

ranked as (
    select
        topic_id_a,
        topic_id_b,
        p_value,
        p_value * family_count / count(*) over (order by p_value) as adjusted
    from p_values
),

tested as (
    select
        topic_id_a,
        topic_id_b,
        p_value,
        least(1, min(adjusted) over (order by p_value desc)) as q_value
    from ranked
)

select
    counted.topic_id_a,
    counted.topic_id_b,
    a.topic as topic_a,
    b.topic as topic_b,
    counted.article_count,
    counted.news_article_count,
    counted.event_count,
    counted.cluster_count,
    a.article_count as topic_a_article_count,
    b.article_count as topic_b_article_count,
    counted.article_count / a.article_count as topic_a_share,
    counted.article_count / b.article_count as topic_b_share,
    counted.article_count / (a.article_count + b.article_count - counted.article_count) as jaccard_share,
    counted.observed_count,
    counted.n_a as topic_a_observed_count,
    counted.n_b as topic_b_observed_count,
    counted.s_a as topic_a_other_tag_count,
    counted.s_b as topic_b_other_tag_count,
    counted.tag_count,
    greatest(counted.expected_of_a, counted.expected_of_b) as expected_count,
    counted.observed_count / nullif(expected_count, 0) as lift,
    tested.p_value,
    tested.q_value,
    coalesce(tested.q_value <= 0.05 and counted.observed_count >= 5, false) as is_more_than_chance
from counted
inner join core.dim_topics as a on a.topic_id = counted.topic_id_a
inner join core.dim_topics as b on b.topic_id = counted.topic_id_b
left join tested on tested.topic_id_a = counted.topic_id_a and tested.topic_id_b = counted.topic_id_b
