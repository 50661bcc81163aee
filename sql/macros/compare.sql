-- News of two ranges of days compared: the share of each topic in both, largest difference first.
--
-- An article is tagged if it has at least one topic that is not omnipresent (see core.dim_topics);
-- omnipresent topics have no row. A share is that of the tagged articles, so that it does not rise because
-- more articles are tagged. It still rises if a provider that tags joins: the columns `common` count only
-- articles of the common providers, which published news in both ranges. Trust a difference that both pairs
-- of shares have.
--
-- An article counts under its calendar_date. Ranges may overlap; an article of both counts in both.
--
-- Grain: a topic of a tagged news article of one of the ranges, and `(all)` for all news articles of the
--   ranges.
-- Parameters:
--   a_from: First day (UTC) of range a, such as '2021-01-01' or a DATE.
--   a_to: Last day (UTC) of range a, included.
--   b_from: First day (UTC) of range b.
--   b_to: Last day (UTC) of range b, included.
-- Columns:
--   topic: The topic, in the spelling that most documents use, or `(all)`.
--   a_news_article_count: News articles of range a with the topic; for `(all)`, all of them, tagged or not.
--   b_news_article_count: News articles of range b with the topic; for `(all)`, all of them, tagged or not.
--   a_event_count: Distinct events of the articles of a_news_article_count.
--   b_event_count: Distinct events of the articles of b_news_article_count.
--   a_tagged_article_count [topics]: Tagged news articles of range a, whatever their topics: the base of
--     a_article_share.
--   b_tagged_article_count [topics]: Tagged news articles of range b, whatever their topics: the base of
--     b_article_share.
--   a_article_share? [topics]: Share (0..1) of the tagged articles of range a that have the topic; NULL for
--     `(all)` and if none is tagged.
--   b_article_share? [topics]: Share (0..1) of the tagged articles of range b that have the topic; NULL for
--     `(all)` and if none is tagged.
--   article_share_difference? [topics]: Difference of b_article_share and a_article_share, from -1 to 1:
--     positive if the share is larger in b; NULL if one of them is.
--   common_provider_count [provider]: Providers with news in both ranges, whatever its topics.
--   a_common_article_count [provider]: Of a_news_article_count, those of common providers.
--   b_common_article_count [provider]: Of b_news_article_count, those of common providers.
--   a_common_article_share? [provider]: Share (0..1) of the tagged articles of common providers in range a
--     that have the topic; NULL for `(all)` and if there are none.
--   b_common_article_share? [provider]: Share (0..1) of the tagged articles of common providers in range b
--     that have the topic; NULL for `(all)` and if there are none.
--   common_article_share_difference? [provider]: Difference of b_common_article_share and
--     a_common_article_share, from -1 to 1; NULL if one of them is.
--   topic_id: Slug of the topic, or `(all)`.
with asked as (
    select
        name,
        try_cast(written as date) as day,
        written
    from (
        values
            ('a_from', cast(a_from as varchar)),
            ('a_to', cast(a_to as varchar)),
            ('b_from', cast(b_from as varchar)),
            ('b_to', cast(b_to as varchar))
    ) as given(name, written)
),

ranges as (
    select
        max(day) filter (where name = 'a_from') as first_day_a,
        max(day) filter (where name = 'a_to') as last_day_a,
        max(day) filter (where name = 'b_from') as first_day_b,
        max(day) filter (where name = 'b_to') as last_day_b,
        string_agg(name || ' is ' || coalesce('''' || written || '''', 'NULL'), ', ' order by name)
            filter (where day is null) as problem
    from asked
),

checked as (
    select
        first_day_a,
        last_day_a,
        first_day_b,
        last_day_b,
        case
            when problem is not null
                then error('compare: ' || problem || ', not a day; write it as ''2021-01-31''')
            when first_day_a > last_day_a then error('compare: a_from is after a_to; swap them')
            when first_day_b > last_day_b then error('compare: b_from is after b_to; swap them')
            else true
        end as is_valid
    from ranges
),

topics as (
    select
        links.document_id,
        links.topic_id
    from core.article_topics as links
    inner join core.dim_topics as names on names.topic_id = links.topic_id
    where not names.is_omnipresent
),

tagged as (
    select distinct document_id
    from topics
),

news as (
    select
        articles.document_id,
        articles.event_id,
        articles.provider_id,
        tagged.document_id is not null as is_tagged,
        articles.calendar_date between checked.first_day_a and checked.last_day_a as is_in_a,
        articles.calendar_date between checked.first_day_b and checked.last_day_b as is_in_b
    from core.articles as articles
    cross join checked
    left join tagged on tagged.document_id = articles.document_id
    where articles.is_news and articles.calendar_date is not null and checked.is_valid
),

common_providers as (
    select provider_id
    from news
    where provider_id is not null
    group by provider_id
    having bool_or(is_in_a) and bool_or(is_in_b)
),

articles as (
    select
        news.document_id,
        news.event_id,
        news.is_tagged,
        news.is_in_a,
        news.is_in_b,
        common_providers.provider_id,
        common_providers.provider_id is not null as is_common
    from news
    left join common_providers on common_providers.provider_id = news.provider_id
    where news.is_in_a or news.is_in_b
),

bases as (
    select
        count(*) filter (where is_tagged and is_in_a) as a_tagged,
        count(*) filter (where is_tagged and is_in_b) as b_tagged,
        count(*) filter (where is_tagged and is_in_a and is_common) as a_common,
        count(*) filter (where is_tagged and is_in_b and is_common) as b_common,
        count(distinct provider_id) as common_provider_count
    from articles
),

grouped as (
    select
        '(all)' as topic_id,
        document_id,
        event_id,
        is_in_a,
        is_in_b,
        is_common
    from articles
    union all
    select
        topics.topic_id,
        articles.document_id,
        articles.event_id,
        articles.is_in_a,
        articles.is_in_b,
        articles.is_common
    from articles
    inner join topics on topics.document_id = articles.document_id
    union all
    -- So that `(all)` has a row, and wrong days are an error, if the ranges have no article.
    select
        '(all)' as topic_id,
        null as document_id,
        null as event_id,
        false as is_in_a,
        false as is_in_b,
        false as is_common
    from checked
    where is_valid
),

counts as (
    select
        topic_id,
        count(*) filter (where is_in_a) as a_news,
        count(*) filter (where is_in_b) as b_news,
        count(distinct event_id) filter (where is_in_a) as a_events,
        count(distinct event_id) filter (where is_in_b) as b_events,
        count(*) filter (where is_in_a and is_common) as a_common,
        count(*) filter (where is_in_b and is_common) as b_common
    from grouped
    group by topic_id
),

shares as (
    select
        coalesce(names.topic, counts.topic_id) as topic,
        counts.topic_id,
        counts.a_news,
        counts.b_news,
        counts.a_events,
        counts.b_events,
        counts.a_common,
        counts.b_common,
        counts.a_news / case when names.topic_id is not null then nullif(bases.a_tagged, 0) end as a_share,
        counts.b_news / case when names.topic_id is not null then nullif(bases.b_tagged, 0) end as b_share,
        counts.a_common / case when names.topic_id is not null then nullif(bases.a_common, 0) end
            as a_common_share,
        counts.b_common / case when names.topic_id is not null then nullif(bases.b_common, 0) end
            as b_common_share
    from counts
    cross join bases
    left join core.dim_topics as names on names.topic_id = counts.topic_id
)

select
    shares.topic,
    shares.a_news as a_news_article_count,
    shares.b_news as b_news_article_count,
    shares.a_events as a_event_count,
    shares.b_events as b_event_count,
    bases.a_tagged as a_tagged_article_count,
    bases.b_tagged as b_tagged_article_count,
    shares.a_share as a_article_share,
    shares.b_share as b_article_share,
    shares.b_share - shares.a_share as article_share_difference,
    bases.common_provider_count,
    shares.a_common as a_common_article_count,
    shares.b_common as b_common_article_count,
    shares.a_common_share as a_common_article_share,
    shares.b_common_share as b_common_article_share,
    shares.b_common_share - shares.a_common_share as common_article_share_difference,
    shares.topic_id
from shares
cross join bases
order by
    shares.topic_id <> '(all)',
    abs(shares.b_share - shares.a_share) desc nulls last,
    shares.a_news + shares.b_news desc,
    shares.topic_id
