-- Selectable providers of the largest stories.
--
-- Grain: a story of report.stories and a provider that can be chosen.
-- Key: story_rank, provider_rank
-- Columns:
--   story_rank: The story by report.stories.
--   provider_rank: The provider by report.providers, 1 to 40.
select distinct
    stories.story_rank,
    providers.provider_rank
from report.stories as stories
inner join core.articles as articles on articles.story_id = stories.story_id
inner join report.providers as providers on providers.provider_id = articles.provider_id
where providers.provider_rank <= 40
