-- Selectable providers of the largest events.
--
-- Grain: an event of report.events and a provider that can be chosen.
-- Key: event_rank, provider_rank
-- Columns:
--   event_rank: The event by report.events.
--   provider_rank: The provider by report.providers, 1 to 40.
select distinct
    events.event_rank,
    providers.provider_rank
from report.events as events
inner join core.articles as articles on articles.event_id = events.event_id
inner join report.providers as providers on providers.provider_id = articles.provider_id
where providers.provider_rank <= 40
