-- The vocabulary of the search index. Empty unless the setting search is on.
--
-- Grain: a term.
-- Key: term
-- Columns:
--   term
--   article_count: Articles that have it in title, excerpt or topics.
select
    term,
    count(*) as article_count
from search.postings
group by term
