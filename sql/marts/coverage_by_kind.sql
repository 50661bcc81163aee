-- Articles by kind: how much of a corpus is news, and how much material without a date.
--
-- Read it first: a count over all kinds mixes news of a day with courses and downloads. The windows, events
-- and growth of the other marts are of news alone.
--
-- Grain: a kind of article; no row for a kind without articles.
-- Key: kind
-- Order: article_count desc
-- Columns:
--   kind
--   article_count: Articles of the kind.
--   published_article_count: Of these articles, those that are published; with the preset `generic`, all but
--     drafts.
--   article_share: Share (0..1) of all articles.
--   dated_article_count: Of these articles, those with a calendar_date.
--   undated_article_count: Of these articles, those without a calendar_date, which are in no period.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Only
--     news with a date is in one.
--   provider_count [provider]: Distinct providers of these articles; articles without a provider add none.
--   topic_count [topics]: Distinct topics of these articles.
--   article_with_topic_count [topics]: Of these articles, those with a topic.
--   article_with_author_count [authors]: Of these articles, those with an author.
--   article_with_image_count [images]: Of these articles, those with at least one image that has a URL.
--   image_coverage_share [images]: Share (0..1) of these articles with at least one image that has a URL.
--   video_count [videos]: Of these articles, those of type `video`.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
with totals as (
    select count(*) as article_count
    from core.articles
),

topics as (
    select
        articles.kind,
        count(distinct topics.topic_id) as topic_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    group by articles.kind
),

authored as (
    select distinct document_id
    from core.article_authors
),

measures as (
    select
        articles.kind,
        count(*) as article_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(articles.calendar_date) as dated_article_count,
        count(distinct articles.event_id) as event_count,
        count(distinct articles.provider_id) as provider_count,
        count(*) filter (where articles.topic_count > 0) as article_with_topic_count,
        count(authored.document_id) as article_with_author_count,
        count(*) filter (where articles.has_image) as article_with_image_count,
        count(*) filter (where articles.is_video) as video_count,
        min(articles.published_at) filter (where articles.calendar_date is not null) as first_published_at,
        max(articles.published_at) filter (where articles.calendar_date is not null) as last_published_at
    from core.articles as articles
    left join authored on authored.document_id = articles.document_id
    group by articles.kind
)

select
    measures.kind,
    measures.article_count,
    measures.published_article_count,
    measures.article_count / totals.article_count as article_share,
    measures.dated_article_count,
    measures.article_count - measures.dated_article_count as undated_article_count,
    measures.event_count,
    measures.provider_count,
    coalesce(topics.topic_count, 0) as topic_count,
    measures.article_with_topic_count,
    measures.article_with_author_count,
    measures.article_with_image_count,
    measures.article_with_image_count / measures.article_count as image_coverage_share,
    measures.video_count,
    measures.first_published_at,
    measures.last_published_at
from measures
cross join totals
left join topics on topics.kind = measures.kind
