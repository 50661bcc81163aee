-- Which of the providers that are drawn tell the biggest stories.
--
-- Grain: a story of report.stories and a provider that is drawn.
-- Key: story_rank, provider_rank
-- Columns:
--   story_rank: The story.
--   provider_rank: The provider by report.providers, 1 to 12.
select distinct
    stories.story_rank,
    providers.provider_rank
from report.stories as stories
inner join core.articles as articles on articles.story_id = stories.story_id
inner join report.providers as providers on providers.provider_id = articles.provider_id
where providers.provider_rank <= 12
