-- Bursts of each topic: weeks on end in which it had significantly more events than in the weeks around.
--
-- A week is a burst if the topic's share of all events is at least twice that of the 12 weeks before and the
-- 12 weeks after, with at least 5 events and a false discovery rate of at most 5 percent, see
-- core.burst_weeks. Burst weeks that follow each other are one burst, see core.bursts.
--
-- Grain: a topic and a burst.
-- Key: topic_id, first_week_start_date
-- References: topic_id in marts.coverage_by_topic
-- Order: last_week_start_date desc, q_value
-- Needs: topics
-- Columns:
--   topic_id: The topic; omnipresent topics have no bursts.
--   topic
--   first_week_start_date
--   last_week_start_date
--   week_count
--   news_article_count: News articles of these weeks with the topic.
--   observed_count: Events of the topic in these weeks.
--   base_count
--   expected_count: Events of the topic that its share of the base in the weeks around each week predicts.
--   lift?
--   peak_week_start_date
--   p_value
--   q_value: The smallest q_value of these weeks: the false discovery rate by Benjamini and Hochberg over all
--     topics and weeks.
with articles as (
    select
        bursts.subject_id,
        bursts.first_week_start_date,
        count(*) as news_article_count
    from core.bursts as bursts
    inner join core.article_topics as links on links.topic_id = bursts.subject_id
    inner join core.articles as articles on articles.document_id = links.document_id
    where
        bursts.subject_kind = 'topic'
        and articles.is_news
        and articles.calendar_date between bursts.first_week_start_date and bursts.last_week_start_date + 6
    group by bursts.subject_id, bursts.first_week_start_date
)

select
    bursts.subject_id as topic_id,
    names.topic,
    bursts.first_week_start_date,
    bursts.last_week_start_date,
    bursts.week_count,
    articles.news_article_count,
    bursts.observed_count,
    bursts.base_count,
    bursts.expected_count,
    bursts.lift,
    bursts.peak_week_start_date,
    bursts.p_value,
    bursts.q_value
from core.bursts as bursts
inner join articles
    on articles.subject_id = bursts.subject_id
    and articles.first_week_start_date = bursts.first_week_start_date
inner join core.dim_topics as names on names.topic_id = bursts.subject_id
where bursts.subject_kind = 'topic'
