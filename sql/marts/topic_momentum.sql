-- Momentum of each topic: its share of the tagged news in the last days of the corpus, against as many days
-- before.
--
-- Volume says little: when a source begins to tag, every topic grows. So the base is the tagged news, and
-- what is counted are events, each with the tags and on the day of its lead article (see
-- core.tagged_articles). Windows end on window_end_date of core.corpus_dates, that day included. Omnipresent
-- topics are left out.
--
-- Grain: a topic that is not omnipresent and a length of window: 7, 28 or 90 days. The topic has a news
--   article in one of the two windows.
-- Key: topic_id, window_days
-- References: topic_id in marts.coverage_by_topic
-- Order: window_days, q_value, news_article_count desc
-- Needs: topics
-- Columns:
--   topic_id
--   topic
--   window_days: Length of each of the two windows, in days: 7, 28 or 90.
--   news_article_count: News articles of the last window with the topic.
--   previous_news_article_count: News articles of the window before with the topic.
--   observed_count: Events of the last window whose lead has the topic.
--   previous_observed_count: Events of the window before whose lead has the topic.
--   base_count: Events of the last window with a lead, which are those with a tag: the base of topic_share.
--   previous_base_count: Such events of the window before: the base of previous_topic_share.
--   tag_count: Tags of the leads of base_count.
--   previous_tag_count: Tags of the leads of previous_base_count.
--   topic_share?: Share (0..1) of base_count with the topic; NULL if base_count is 0.
--   previous_topic_share?: Share (0..1) of previous_base_count with the topic; NULL if that is 0.
--   share_difference?: The difference, topic_share less previous_topic_share: 0.1 is ten percentage points
--     more; NULL if one is.
--   share_difference_low?: Lower end of the 95 percent confidence interval of share_difference, by Newcombe's
--     method 10.
--   share_difference_high?: Upper end of that interval.
--   z?: The share_difference in standard errors, by the pooled share of both windows; NULL if that is 0 or 1,
--     or a base is 0.
--   p_value?: Probability of shares at least as different if nothing changed: Fisher's exact test, two-sided
--     (twice the smaller tail), of observed_count among the base_count of both windows. The test is made
--     twice, with base_count, and with the part of both bases that tag_count is of both tag counts, rounded
--     to an integer, a half up; the larger p counts, so that a deeper tagging of every article is no
--     momentum. NULL if observed_count and previous_observed_count together are below 5.
--   q_value?: False discovery rate by Benjamini and Hochberg, over all rows with a p_value: the topics of all
--     three windows are one family, each row counted twice, because the tests of overlapping windows depend
--     on each other; NULL where p_value is. So it is p_value times twice the rows with one, divided by the
--     rows with a p_value no larger; the smallest of these of all rows with a p_value no smaller; at most 1.
--   is_emerging: Whether q_value is at most 0.05, observed_count at least 5, and topic_share at least twice
--     previous_topic_share.
--   is_comparable: Whether the two windows can be compared: break_reason is NULL.
--   break_reason?: Why the row is not to be trusted; the same for all topics of a window: the first that
--     applies of `before the corpus` (the window before begins before first_article_date of
--     core.corpus_dates), `too few` (base_count or previous_base_count is below 20), `tagging` (the share of
--     the news articles that are in core.tagged_articles differs by at least 0.1, and Fisher's p of these two
--     shares is at most 0.01), `providers` (of the news articles of providers with at least 5 in both windows
--     together, those of providers with articles in both windows are less than half in one of the windows).
--     NULL if none applies.
with windows as (
    select unnest([7, 28, 90]) as window_days
),

articles as (
    select
        articles.document_id,
        articles.provider_id,
        articles.days_before_window_end as age_days,
        tagged.tag_count,
        coalesce(tagged.is_event_lead, false) as is_lead
    from core.articles as articles
    left join core.tagged_articles as tagged on tagged.document_id = articles.document_id
    where articles.is_news and articles.days_before_window_end between 0 and 179
),

topic_counts as (
    select
        links.topic_id,
        windows.window_days,
        count(*) filter (where articles.age_days < windows.window_days) as news_article_count,
        count(*) as both_news_article_count,
        count(*) filter (where articles.is_lead and articles.age_days < windows.window_days)
            as observed_count,
        count(*) filter (where articles.is_lead) as both_observed_count
    from articles
    inner join core.article_topics as links on links.document_id = articles.document_id
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    inner join windows on articles.age_days < 2 * windows.window_days
    where not topics.is_omnipresent
    group by links.topic_id, windows.window_days
),

bases as (
    select
        windows.window_days,
        count(*) filter (where articles.age_days < windows.window_days) as news_count,
        count(*) as both_news_count,
        count(articles.tag_count) filter (where articles.age_days < windows.window_days) as tagged_count,
        count(articles.tag_count) as both_tagged_count,
        count(*) filter (where articles.is_lead and articles.age_days < windows.window_days) as base_count,
        count(*) filter (where articles.is_lead) as both_base_count,
        cast(coalesce(sum(articles.tag_count) filter (
            where articles.is_lead and articles.age_days < windows.window_days
        ), 0) as bigint) as tag_count,
        cast(coalesce(sum(articles.tag_count) filter (where articles.is_lead), 0) as bigint) as both_tag_count
    from windows
    inner join articles on articles.age_days < 2 * windows.window_days
    group by windows.window_days
),

providers as (
    select
        windows.window_days,
        articles.provider_id,
        count(*) filter (where articles.age_days < windows.window_days) as last_count,
        count(*) - last_count as previous_count
    from windows
    inner join articles on articles.age_days < 2 * windows.window_days
    where articles.provider_id is not null
    group by windows.window_days, articles.provider_id
    having count(*) >= 5
),

provider_breaks as (
    select
        window_days,
        coalesce(sum(last_count) filter (where previous_count > 0), 0) * 2 < sum(last_count)
        or coalesce(sum(previous_count) filter (where last_count > 0), 0) * 2 < sum(previous_count)
            as is_broken
    from providers
    group by window_days
),

tagging as (
    select
        window_days,
        abs(
            tagged_count / nullif(news_count, 0)
            - (both_tagged_count - tagged_count) / nullif(both_news_count - news_count, 0)
        ) as rate_difference,
        fisher_p(tagged_count, both_tagged_count, news_count, both_news_count) as p_value
    from bases
),

breaks as (
    select
        bases.window_days,
        case
            when dates.window_end_date - 2 * bases.window_days + 1 < dates.first_article_date
                then 'before the corpus'
            when least(bases.base_count, bases.both_base_count - bases.base_count) < 20 then 'too few'
            when tagging.rate_difference >= 0.1 and tagging.p_value <= 0.01 then 'tagging'
            when coalesce(provider_breaks.is_broken, false) then 'providers'
        end as break_reason
    from bases
    cross join core.corpus_dates as dates
    inner join tagging on tagging.window_days = bases.window_days
    left join provider_breaks on provider_breaks.window_days = bases.window_days
),

counts as (
    select
        topics.topic_id,
        topics.window_days,
        topics.news_article_count,
        topics.both_news_article_count - topics.news_article_count as previous_news_article_count,
        topics.observed_count,
        topics.both_observed_count,
        topics.both_observed_count - topics.observed_count as previous_observed_count,
        bases.base_count,
        bases.both_base_count,
        bases.both_base_count - bases.base_count as previous_base_count,
        bases.tag_count,
        bases.both_tag_count,
        bases.both_tag_count - bases.tag_count as previous_tag_count
    from topic_counts as topics
    inner join bases on bases.window_days = topics.window_days
),

tests as (
    select
        topic_id,
        window_days,
        observed_count,
        both_observed_count,
        both_base_count,
        unnest([
            base_count, cast(round(both_base_count * tag_count / both_tag_count) as bigint)
        ]) as drawn_count
    from counts
    where both_observed_count >= 5
),

p_values as (
    select
        topic_id,
        window_days,
        max(fisher_p(observed_count, both_observed_count, drawn_count, both_base_count)) as p_value
    from tests
    group by topic_id, window_days
),

ranked as (
    select
        topic_id,
        window_days,
        p_value,
        p_value * 2 * count(*) over () / count(*) over (order by p_value) as adjusted
    from p_values
),

tested as (
    select
        topic_id,
        window_days,
        p_value,
        least(1, min(adjusted) over (order by p_value desc)) as q_value
    from ranked
)

select
    counts.topic_id,
    names.topic,
    cast(counts.window_days as bigint) as window_days,
    counts.news_article_count,
    counts.previous_news_article_count,
    counts.observed_count,
    counts.previous_observed_count,
    counts.base_count,
    counts.previous_base_count,
    counts.tag_count,
    counts.previous_tag_count,
    counts.observed_count / nullif(counts.base_count, 0) as topic_share,
    counts.previous_observed_count / nullif(counts.previous_base_count, 0) as previous_topic_share,
    topic_share - previous_topic_share as share_difference,
    newcombe_low(
        counts.observed_count, counts.base_count, counts.previous_observed_count, counts.previous_base_count
    ) as share_difference_low,
    newcombe_high(
        counts.observed_count, counts.base_count, counts.previous_observed_count, counts.previous_base_count
    ) as share_difference_high,
    share_difference / nullif(sqrt(
        (counts.both_observed_count / counts.both_base_count)
        * (1 - counts.both_observed_count / counts.both_base_count)
        * (1 / nullif(counts.base_count, 0) + 1 / nullif(counts.previous_base_count, 0))
    ), 0) as z,
    tested.p_value,
    tested.q_value,
    coalesce(
        tested.q_value <= 0.05
        and counts.observed_count >= 5
        and counts.observed_count * counts.previous_base_count
        >= 2 * counts.previous_observed_count * counts.base_count,
        false
    ) as is_emerging,
    breaks.break_reason is null as is_comparable,
    breaks.break_reason
from counts
inner join breaks on breaks.window_days = counts.window_days
inner join core.dim_topics as names on names.topic_id = counts.topic_id
left join tested on tested.topic_id = counts.topic_id and tested.window_days = counts.window_days
