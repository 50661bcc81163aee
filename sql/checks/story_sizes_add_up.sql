-- Every article must be in one story, article_count of a story must be its number of articles, and its head
-- must be one of them.
--
-- Severity: error
with members as (
    select
        story_id,
        count(*) as article_count
    from core.articles
    group by story_id
)

select
    coalesce(stories.story_id, members.story_id) as story_id,
    stories.article_count,
    members.article_count as member_count,
    stories.head_document_id
from core.stories as stories
full join members on members.story_id = stories.story_id
left join core.articles as heads
    on heads.document_id = stories.head_document_id and heads.story_id = stories.story_id
where stories.article_count is distinct from members.article_count or heads.document_id is null
