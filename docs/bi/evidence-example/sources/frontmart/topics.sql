-- One row of NULLs if there is none: Evidence keeps no table without rows.
select
    topics.topic_id,
    topics.topic,
    topics.is_omnipresent,
    topics.article_count,
    topics.news_article_count
from (select 1) as always
left join core.dim_topics as topics on true
