-- Bursts of each topic: weeks on end in which it had significantly more events than in the weeks around.
--
-- A week is a burst if the topic's share of all events is at least twice that of the 12 weeks before and the
-- 12 weeks after, with at least 5 events and a false discovery rate of at most 5 percent, see
-- core.burst_weeks. Burst weeks that follow each other are one burst.
--
-- Grain: a topic and a burst.
-- Key: topic_id, first_week_start_date
-- References: topic_id in marts.coverage_by_topic
-- Needs: topics
-- Columns:
--   topic_id: The topic; omnipresent topics have no bursts.
--   topic
--   first_week_start_date: Monday of the first week of the burst.
--   last_week_start_date: Monday of the last week of the burst.
--   week_count: Weeks of the burst.
--   news_article_count: News articles of these weeks with the topic.
--   observed_count: Events of the topic in these weeks.
--   base_count: All events of these weeks: the base.
--   expected_count: Events of the topic that its share of the base in the weeks around each week predicts.
--   lift?: Ratio of observed_count to expected_count; NULL if expected_count is 0.
--   peak_week_start_date: Monday of the week with the smallest p_value, the first of several.
--   p_value: The smallest p_value of these weeks: the probability of at least as many events in that week by
--     chance.
--   q_value: The smallest q_value of these weeks: the false discovery rate by Benjamini and Hochberg over all
--     topics and weeks.
with weeks as (
    select
        subject_id,
        week_start_date,
        observed_count,
        base_count,
        expected_count,
        p_value,
        q_value,
        week_start_date - cast(7 * row_number() over (
            partition by subject_id order by week_start_date
        ) as integer) as burst
    from core.burst_weeks
    where subject_kind = 'topic'
),

bursts as (
    select
        subject_id as topic_id,
        min(week_start_date) as first_week_start_date,
        max(week_start_date) as last_week_start_date,
        count(*) as week_count,
        cast(sum(observed_count) as bigint) as observed_count,
        cast(sum(base_count) as bigint) as base_count,
        list_sum(list(expected_count order by week_start_date)) as expected_count,
        first(week_start_date order by p_value, week_start_date) as peak_week_start_date,
        min(p_value) as p_value,
        min(q_value) as q_value
    from weeks
    group by subject_id, burst
),

articles as (
    select
        bursts.topic_id,
        bursts.first_week_start_date,
        count(*) as news_article_count
    from bursts
    inner join core.article_topics as links on links.topic_id = bursts.topic_id
    inner join core.articles as articles on articles.document_id = links.document_id
    where
        articles.is_news
        and articles.calendar_date between bursts.first_week_start_date and bursts.last_week_start_date + 6
    group by bursts.topic_id, bursts.first_week_start_date
)

select
    bursts.topic_id,
    names.topic,
    bursts.first_week_start_date,
    bursts.last_week_start_date,
    bursts.week_count,
    articles.news_article_count,
    bursts.observed_count,
    bursts.base_count,
    bursts.expected_count,
    bursts.observed_count / nullif(bursts.expected_count, 0) as lift,
    bursts.peak_week_start_date,
    bursts.p_value,
    bursts.q_value
from bursts
inner join articles
    on articles.topic_id = bursts.topic_id
    and articles.first_week_start_date = bursts.first_week_start_date
inner join core.dim_topics as names on names.topic_id = bursts.topic_id
