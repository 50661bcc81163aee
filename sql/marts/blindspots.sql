-- What each provider covers more or less often than all providers together: its blindspots and its focus.
--
-- A provider covers an event once: its first article of the event with a tag counts, with its tags (see
-- core.tagged_articles, is_provider_lead). If topics did not depend on providers, a provider's share of the
-- events of a topic would be its share of all events; that is `events` of basis. A provider that tags deeper
-- than others has more of every topic; so its share of the tags of the topic is also compared with its share
-- of all tags (`tags`). The comparison with the larger p_value counts, the first if they are equal, and the
-- expected count, the residual and the p-value are those of this comparison. Omnipresent topics are left out,
-- and so is time: a topic of a year in which the provider did not exist is a blindspot all the same, see the
-- first and last articles in marts.provider_topics.
--
-- Grain: a provider and a topic of at least 10 such events each, where the larger expected count is at least
--   1 or observed_count at least 5.
-- Key: provider_id, topic_id
-- References: provider_id in marts.provider_report, topic_id in marts.coverage_by_topic
-- Order: q_value, observed_count desc
-- Needs: provider
-- Columns:
--   provider_id
--   topic_id
--   provider_name
--   topic
--   news_article_count: News articles of the provider with the topic, with or without a date.
--   observed_count: Events that the provider covers with the topic.
--   provider_observed_count: Events that the provider covers with any tag.
--   topic_observed_count: Pairs of a provider and an event that it covers with the topic.
--   base_count: Pairs of a provider and an event that it covers with any tag; the same in every row.
--   provider_tag_count: Tags of provider_observed_count.
--   base_tag_count: Tags of base_count; the same in every row.
--   basis: Which comparison counts: `events` or `tags`.
--   expected_count: Events expected: provider_observed_count * topic_observed_count / base_count for
--     `events`, provider_tag_count * topic_observed_count / base_tag_count for `tags`.
--   lift: Ratio of observed_count to expected_count: 2 is twice as often as expected, 0 never.
--   direction: `over`, `under` or `even`: observed_count is more than, less than or equal to expected_count.
--   adjusted_residual?: The difference of observed_count and expected_count in standard deviations, as in a
--     contingency table: divided by the root of expected_count * (1 - s) * (1 - topic_observed_count /
--     base_count), where s is provider_observed_count / base_count for `events` and provider_tag_count /
--     base_tag_count for `tags`. NULL if that is 0.
--   p_value: Fisher's exact test, two-sided (twice the smaller tail), of observed_count and
--     topic_observed_count in provider_observed_count and base_count: the probability of a count as far off
--     by chance. For `tags`, provider_observed_count is replaced by base_count * provider_tag_count /
--     base_tag_count, rounded to an integer, a half up.
--   q_value: False discovery rate by Benjamini and Hochberg, over all pairs of a provider and a topic of at
--     least 10 events each, each counted twice, because the counts of one provider depend on each other;
--     those that are no row here have a p of 1.
--   is_blindspot: Whether q_value is at most 0.05, direction is `under` and expected_count at least 5.
--   is_focus: Whether q_value is at most 0.05, direction is `over` and observed_count at least 5.
with leads as (
    select
        document_id,
        provider_id,
        tag_count
    from core.tagged_articles
    where is_provider_lead
),

tags as (
    select
        leads.provider_id,
        links.topic_id
    from leads
    inner join core.article_topics as links on links.document_id = leads.document_id
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    where not topics.is_omnipresent
),

providers as (
    select
        provider_id,
        count(*) as event_count,
        cast(sum(tag_count) as bigint) as tag_count
    from leads
    group by provider_id
    having count(*) >= 10
),

topics as (
    select
        topic_id,
        count(*) as event_count
    from tags
    group by topic_id
    having count(*) >= 10
),

observed as (
    select
        provider_id,
        topic_id,
        count(*) as event_count
    from tags
    group by provider_id, topic_id
),

articles as (
    select
        articles.provider_id,
        links.topic_id,
        count(*) as news_article_count
    from core.articles as articles
    inner join core.article_topics as links on links.document_id = articles.document_id
    where articles.is_news and articles.provider_id is not null
    group by articles.provider_id, links.topic_id
),

totals as (
    select
        count(*) as base_count,
        cast(sum(tag_count) as bigint) as base_tag_count,
        2 * (select count(*) from providers) * (select count(*) from topics) as family_count
    from leads
),

pairs as (
    select
        providers.provider_id,
        topics.topic_id,
        coalesce(observed.event_count, 0) as observed_count,
        providers.event_count as provider_observed_count,
        topics.event_count as topic_observed_count,
        totals.base_count,
        providers.tag_count as provider_tag_count,
        totals.base_tag_count,
        totals.family_count,
        provider_observed_count * topic_observed_count / totals.base_count as expected_of_events,
        provider_tag_count * topic_observed_count / totals.base_tag_count as expected_of_tags
    from providers
    cross join topics
    cross join totals
    left join observed
        on observed.provider_id = providers.provider_id and observed.topic_id = topics.topic_id
    where greatest(expected_of_events, expected_of_tags) >= 1 or coalesce(observed.event_count, 0) >= 5
),

tests as (
    select
        provider_id,
        topic_id,
        family_count,
        observed_count,
        topic_observed_count,
        unnest(['events', 'tags']) as basis,
        base_count,
        unnest([
            provider_observed_count,
            cast(round(base_count * provider_tag_count / base_tag_count) as bigint)
        ]) as drawn_count
    from pairs
),

p_values as (
    select
        provider_id,
        topic_id,
        family_count,
        basis,
        fisher_p(observed_count, topic_observed_count, drawn_count, base_count) as p_value
    from tests
),

largest as (
    select
        provider_id,
        topic_id,
        family_count,
        max(p_value) as p_value,
        first(basis order by p_value desc, basis) = 'events' as is_of_events
    from p_values
    group by provider_id, topic_id, family_count
),

ranked as (
    select
        provider_id,
        topic_id,
        is_of_events,
        p_value,
        p_value * family_count / count(*) over (order by p_value) as adjusted
    from largest
),

tested as (
    select
        provider_id,
        topic_id,
        is_of_events,
        p_value,
        least(1, min(adjusted) over (order by p_value desc)) as q_value
    from ranked
),

measures as (
    select
        pairs.provider_id,
        pairs.topic_id,
        pairs.observed_count,
        pairs.provider_observed_count,
        pairs.topic_observed_count,
        pairs.base_count,
        pairs.provider_tag_count,
        pairs.base_tag_count,
        if(tested.is_of_events, 'events', 'tags') as basis,
        if(tested.is_of_events, pairs.expected_of_events, pairs.expected_of_tags) as expected_count,
        expected_count * (1 - if(
            tested.is_of_events,
            pairs.provider_observed_count / pairs.base_count,
            pairs.provider_tag_count / pairs.base_tag_count
        )) * (1 - pairs.topic_observed_count / pairs.base_count) as variance,
        tested.p_value,
        tested.q_value
    from pairs
    inner join tested on tested.provider_id = pairs.provider_id and tested.topic_id = pairs.topic_id
)

select
    measures.provider_id,
    measures.topic_id,
    providers.provider_name,
    topics.topic,
    coalesce(articles.news_article_count, 0) as news_article_count,
    measures.observed_count,
    measures.provider_observed_count,
    measures.topic_observed_count,
    measures.base_count,
    measures.provider_tag_count,
    measures.base_tag_count,
    measures.basis,
    measures.expected_count,
    measures.observed_count / measures.expected_count as lift,
    case
        when measures.observed_count > measures.expected_count then 'over'
        when measures.observed_count < measures.expected_count then 'under'
        else 'even'
    end as direction,
    (measures.observed_count - measures.expected_count) / nullif(sqrt(measures.variance), 0)
        as adjusted_residual,
    measures.p_value,
    measures.q_value,
    measures.q_value <= 0.05 and direction = 'under' and measures.expected_count >= 5 as is_blindspot,
    measures.q_value <= 0.05 and direction = 'over' and measures.observed_count >= 5 as is_focus
from measures
inner join core.dim_providers as providers on providers.provider_id = measures.provider_id
inner join core.dim_topics as topics on topics.topic_id = measures.topic_id
left join articles on articles.provider_id = measures.provider_id and articles.topic_id = measures.topic_id
