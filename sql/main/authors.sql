-- Authors at a glance: the most used columns of marts.author_report.
--
-- Grain: an author of at least one article.
-- Key: author_id
-- Needs: authors
-- Columns:
--   author_name
--   article_count
--   news_article_count
--   event_count
--   solo_article_count
--   co_author_count
--   topic_count
--   top_topic
--   article_share
--   image_coverage_share
--   first_published_at
--   last_published_at
--   days_before_window_end
--   author_id
select
    author_name,
    article_count,
    news_article_count,
    event_count,
    solo_article_count,
    co_author_count,
    topic_count,
    top_topic,
    article_share,
    image_coverage_share,
    first_published_at,
    last_published_at,
    days_before_window_end,
    author_id
from marts.author_report
