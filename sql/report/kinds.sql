-- Articles by kind.
--
-- Grain: a kind of article.
-- Key: kind
-- Columns:
--   kind
--   article_count: Articles of the kind.
--   dated_article_count: Of these articles, those with a calendar_date.
select
    kind,
    count(*) as article_count,
    count(calendar_date) as dated_article_count
from core.articles
group by kind
