-- Momentum of each topic over any number of days: its share of the tagged news in the last days of the
-- corpus, against as many days before, largest change first.
--
-- The words are those of marts.topic_momentum, which has windows of 7, 28 and 90 days and says where they are
-- not to be trusted: events count, each with the tags and on the day of its lead article (see
-- core.tagged_articles), and omnipresent topics are left out.
--
-- Grain: a topic of at least one event in the two windows.
-- Parameters:
--   days = 28: Length of each of the two windows, in days, from 1 to 36500.
-- Columns:
--   topic
--   is_emerging: Whether q_value is at most 0.05, observed_count at least 5, and topic_share at least twice
--     previous_topic_share.
--   topic_share?: Share (0..1) of base_count with the topic; NULL if base_count is 0.
--   previous_topic_share?: Share (0..1) of previous_base_count with the topic; NULL if that is 0.
--   share_difference?: The difference, topic_share less previous_topic_share; NULL if one is.
--   share_difference_low?: Lower end of the 95 percent confidence interval of share_difference, by Newcombe's
--     method 10.
--   share_difference_high?: Upper end of that interval.
--   observed_count: Events of the last window whose lead has the topic.
--   previous_observed_count: Events of the window before whose lead has the topic.
--   base_count: Events of the last window with a tag.
--   previous_base_count: Events of the window before with a tag.
--   p_value?: Probability of shares at least as different if nothing changed, as in marts.topic_momentum;
--     NULL if observed_count and previous_observed_count together are below 5.
--   q_value?: False discovery rate by Benjamini and Hochberg, over all rows with a p_value; NULL where it is.
--   topic_id
with given as (
    select cast(days as varchar) as word
),

asked as materialized (
    select
        case
            when try_cast(word as bigint) between 1 and 36500 then cast(word as bigint)
            else no_match('growth: days is', word, null, 'write a number from 1 to 36500')
        end as day_count
    from given
),

leads as (
    select
        articles.document_id,
        articles.tag_count,
        articles.days_before_window_end < asked.day_count as is_last
    from core.tagged_articles as articles
    inner join asked on articles.days_before_window_end between 0 and 2 * asked.day_count - 1
    where articles.is_event_lead
),

bases as (
    select
        count(*) filter (where is_last) as base_count,
        count(*) as both_base_count,
        coalesce(sum(tag_count) filter (where is_last), 0) as tag_count,
        coalesce(sum(tag_count), 0) as both_tag_count,
        both_base_count - base_count as previous_base_count
    from leads
),

counts as (
    select
        links.topic_id,
        count(*) filter (where leads.is_last) as observed_count,
        count(*) as both_observed_count,
        count(*) - observed_count as previous_observed_count
    from leads
    inner join core.article_topics as links on links.document_id = leads.document_id
    group by links.topic_id
),

tests as (
    select
        counts.topic_id,
        counts.observed_count,
        counts.both_observed_count,
        bases.both_base_count,
        unnest([
            bases.base_count,
            cast(round(bases.both_base_count * bases.tag_count / bases.both_tag_count) as bigint)
        ]) as drawn_count
    from counts
    inner join core.dim_topics as topics on topics.topic_id = counts.topic_id
    cross join bases
    where counts.both_observed_count >= 5 and not topics.is_omnipresent
),

p_values as (
    select
        topic_id,
        max(fisher_p(observed_count, both_observed_count, drawn_count, both_base_count)) as p_value
    from tests
    group by topic_id
),

ranked as (
    select
        topic_id,
        p_value,
        p_value * count(*) over () / count(*) over (order by p_value) as adjusted
    from p_values
),

tested as (
    select
        topic_id,
        p_value,
        least(1, min(adjusted) over (order by p_value desc)) as q_value
    from ranked
)

select
    names.topic,
    coalesce(
        tested.q_value <= 0.05
        and counts.observed_count >= 5
        and counts.observed_count * bases.previous_base_count
        >= 2 * counts.previous_observed_count * bases.base_count,
        false
    ) as is_emerging,
    counts.observed_count / nullif(bases.base_count, 0) as topic_share,
    counts.previous_observed_count / nullif(bases.previous_base_count, 0) as previous_topic_share,
    topic_share - previous_topic_share as share_difference,
    newcombe_low(
        counts.observed_count, bases.base_count,
        counts.previous_observed_count, bases.previous_base_count
    ) as share_difference_low,
    newcombe_high(
        counts.observed_count, bases.base_count,
        counts.previous_observed_count, bases.previous_base_count
    ) as share_difference_high,
    counts.observed_count,
    counts.previous_observed_count,
    bases.base_count,
    bases.previous_base_count,
    tested.p_value,
    tested.q_value,
    counts.topic_id
from counts
cross join bases
inner join core.dim_topics as names on names.topic_id = counts.topic_id
left join tested on tested.topic_id = counts.topic_id
where not names.is_omnipresent
order by share_difference desc nulls last, counts.observed_count desc, counts.topic_id
