-- What the scores of the counted articles are: defaults, constants, or made of each other.
--
-- Grain: a score of which marts.score_profile has a row for news, or for all articles if none is news.
-- Key: score
-- Needs: scores
-- Columns:
--   score
--   finding
--   score_article_count
--   article_count
select
    profile.score,
    profile.finding,
    profile.score_article_count,
    profile.article_count
from marts.score_profile as profile
cross join report.scope as scope
where profile.kind = if(scope.has_news, 'news', '(all)')
