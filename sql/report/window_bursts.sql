-- Bursts of topics and providers in the last window: weeks with significantly more events than those around.
--
-- Grain: a topic or a provider, and a burst whose weeks all begin in the last window, see report.windows.
-- Key: burst_rank
-- Columns:
--   burst_rank: Rank of the burst: 1 for the one with most events beyond those expected, ties going by kind
--     and subject.
--   subject_kind
--   subject_id: The topic or the provider by its id.
--   subject: The topic, or the name of the provider.
--   first_week_start_date
--   week_count
--   observed_count
--   base_count
--   expected_count
--   q_value
select
    row_number() over (
        order by
            bursts.observed_count - bursts.expected_count desc, bursts.subject_kind, bursts.subject_id,
            bursts.first_week_start_date
    ) as burst_rank,
    bursts.subject_kind,
    bursts.subject_id,
    coalesce(topics.topic, providers.provider_name, bursts.subject_id) as subject,
    bursts.first_week_start_date,
    bursts.week_count,
    bursts.observed_count,
    bursts.base_count,
    bursts.expected_count,
    bursts.q_value
from core.bursts as bursts
inner join report.windows as windows
    on windows.window_number = 0
    and bursts.first_week_start_date >= windows.first_date
    and bursts.last_week_start_date <= windows.last_date
left join core.dim_topics as topics
    on bursts.subject_kind = 'topic' and topics.topic_id = bursts.subject_id
left join core.dim_providers as providers
    on bursts.subject_kind = 'provider' and providers.provider_id = bursts.subject_id
