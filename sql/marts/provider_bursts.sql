-- Bursts of each provider: weeks on end in which it had significantly more events than in the weeks around.
--
-- A week is a burst if the provider's share of all events is at least twice that of the 12 weeks before and
-- the 12 weeks after, with at least 5 events and a false discovery rate of at most 5 percent, see
-- core.burst_weeks. Burst weeks that follow each other are one burst, see core.bursts.
--
-- Grain: a provider and a burst.
-- Key: provider_id, first_week_start_date
-- References: provider_id in marts.provider_report
-- Order: last_week_start_date desc, q_value
-- Needs: provider
-- Columns:
--   provider_id: The provider: `domain/name-slug`.
--   provider_name
--   first_week_start_date
--   last_week_start_date
--   week_count
--   news_article_count: News articles of these weeks of the provider.
--   observed_count: Events of the provider in these weeks.
--   base_count
--   expected_count: Events of the provider that its share of the base in the weeks around each week predicts.
--   lift?
--   peak_week_start_date
--   p_value
--   q_value: The smallest q_value of these weeks: the false discovery rate by Benjamini and Hochberg over all
--     providers and weeks.
with articles as (
    select
        bursts.subject_id,
        bursts.first_week_start_date,
        count(*) as news_article_count
    from core.bursts as bursts
    inner join core.articles as articles on articles.provider_id = bursts.subject_id
    where
        bursts.subject_kind = 'provider'
        and articles.is_news
        and articles.calendar_date between bursts.first_week_start_date and bursts.last_week_start_date + 6
    group by bursts.subject_id, bursts.first_week_start_date
)

select
    bursts.subject_id as provider_id,
    names.provider_name,
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
inner join core.dim_providers as names on names.provider_id = bursts.subject_id
where bursts.subject_kind = 'provider'
