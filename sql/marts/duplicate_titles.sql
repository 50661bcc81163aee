-- Titles that several articles have: what one provider publishes again, and what several providers copy.
--
-- Titles are equal if they have the same title_key of core.article_titles: without case, accents,
-- punctuation, white space and the name of a site at the end. A series under one title, such as `Weekly
-- roundup`, is a repetition too.
--
-- Grain: a title_key of at least two articles.
-- Key: title_key
-- Order: article_count desc
-- Columns:
--   title_key
--   title: Title without the name of a site (bare_title of core.article_titles) of the first article by
--     published_at and path; those without a published_at come last.
--   article_count: Articles with the title, of all kinds.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   provider_count [provider]: Distinct providers of these articles; articles without a provider add none.
--   first_provider_id? [provider]: Provider of the first article, by the order of title; NULL if it has none.
--   is_repeated: Whether one provider has at least two of the articles; for this, all articles without a
--     provider are from one.
--   is_copied [provider]: Whether two providers have the title at most 7 days apart, by calendar_date, and
--     title_key is 25 bytes long or more in UTF-8: two may well write a short title. Both may be true.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
--   span_days?: Days from the first calendar_date of the articles to the last; 0 if they are of one day; NULL
--     if none has one.
with repeated as (
    select title_key
    from core.article_titles
    where title_key is not null
    group by title_key
    having count(*) > 1
),

title_articles as (
    select
        titles.title_key,
        titles.bare_title,
        articles.path,
        articles.is_news,
        articles.event_id,
        articles.provider_id,
        articles.published_at,
        articles.calendar_date
    from core.article_titles as titles
    inner join repeated on repeated.title_key = titles.title_key
    inner join core.articles as articles on articles.document_id = titles.document_id
),

-- The two articles of different providers that are nearest in time are neighbours in time.
neighbours as (
    select
        title_key,
        calendar_date - lag(calendar_date) over same_title as day_count,
        provider_id <> lag(provider_id) over same_title as is_other_provider
    from title_articles
    where provider_id is not null and calendar_date is not null
    window same_title as (partition by title_key order by calendar_date, path)
),

copies as (
    select distinct title_key
    from neighbours
    where is_other_provider and day_count <= 7 and strlen(title_key) >= 25
),

providers as (
    select
        title_key,
        max(article_count) > 1 as is_repeated
    from (
        select
            title_key,
            count(*) as article_count
        from title_articles
        group by title_key, provider_id
    )
    group by title_key
)

select
    articles.title_key,
    first(articles.bare_title order by articles.published_at nulls last, articles.path) as title,
    count(*) as article_count,
    count(*) filter (where articles.is_news) as news_article_count,
    count(distinct articles.event_id) as event_count,
    count(distinct articles.provider_id) as provider_count,
    first(articles.provider_id order by articles.published_at nulls last, articles.path) as first_provider_id,
    bool_or(providers.is_repeated) as is_repeated,
    bool_or(copies.title_key is not null) as is_copied,
    min(articles.published_at) filter (where articles.calendar_date is not null) as first_published_at,
    max(articles.published_at) filter (where articles.calendar_date is not null) as last_published_at,
    max(articles.calendar_date) - min(articles.calendar_date) as span_days
from title_articles as articles
inner join providers on providers.title_key = articles.title_key
left join copies on copies.title_key = articles.title_key
group by articles.title_key
