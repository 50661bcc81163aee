-- Coverage by each organisation: volume, copies, topics, growth, and how often it reports an event first.
--
-- It is marts.provider_report for whole organisations, see core.provider_organisations: scores, images and
-- videos are there only. Windows of days count news articles by calendar_date.
--
-- Grain: an organisation of at least one article.
-- Key: organisation_id
-- References: organisation_id in core.dim_organisations, top_topic_id in marts.coverage_by_topic
-- Order: event_count desc, article_count desc
-- Needs: provider
-- Columns:
--   organisation_id: The organisation.
--   organisation_name
--   is_platform
--   is_omnipresent
--   provider_count: Providers of the organisation with at least one article.
--   article_count: Articles of the organisation.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   syndicated_article_count: Of these articles, the copies, see core.syndication.
--   published_article_count: Of these articles, those with `published: true`; false is a normal state.
--   cluster_count [related]: Distinct clusters of these articles.
--   topic_count [topics]: Distinct topics of these articles.
--   provided_article_share: Share (0..1) of the articles with a provider; over the organisations these shares
--     add up to 1.
--   news_article_share?
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
--   last_7_days_article_count: News articles of the last 7 days of the corpus, window_end_date of
--     core.corpus_dates included.
--   previous_7_days_article_count: News articles of the 7 days before the last 7.
--   last_7_days_growth_share?: Change from the previous 7 days to the last 7, as a share of the previous: 1
--     means twice as many, -1 none; NULL if there were none before.
--   last_28_days_article_count: News articles of the last 28 days of the corpus, window_end_date of
--     core.corpus_dates included.
--   previous_28_days_article_count: News articles of the 28 days before the last 28.
--   last_28_days_growth_share?: Change from the previous 28 days to the last 28, as a share of the previous;
--     NULL if there were none before.
--   last_90_days_article_count: News articles of the last 90 days of the corpus, window_end_date of
--     core.corpus_dates included.
--   previous_90_days_article_count: News articles of the 90 days before the last 90.
--   last_90_days_growth_share?: Change from the previous 90 days to the last 90, as a share of the previous;
--     NULL if there were none before.
--   top_topic_id? [topics]: The topic of most of the articles, ties going to the first by id, omnipresent
--     topics left out; NULL if no article has another topic.
--   top_topic? [topics]: Spelling of top_topic_id that most documents use; NULL without one.
--   top_topic_share? [topics]: Share (0..1) of the organisation's articles with top_topic_id; NULL without
--     one.
--   topic_hhi? [topics]: Concentration (0..1) of topics, the Herfindahl-Hirschman index: the sum of the
--     squared shares of the topics in the pairs of article and topic, omnipresent topics left out; 1 for a
--     single topic, NULL if there are none.
--   effective_topic_number? [topics]: 1 / topic_hhi: the number of equally frequent topics with the same
--     concentration; NULL where topic_hhi is.
--   shannon_topic_number? [topics]: The exp of the Shannon entropy (natural logarithm) of the same shares, in
--     which rare topics weigh more; rounded to 6 digits, NULL where topic_hhi is.
--   shared_event_count: Events of the organisation that at least one other organisation reported too.
--   exclusive_event_count: Events of the organisation that no other organisation reported.
--   firsts: Of the shared events, those that it was first to report, by published_at; an event that k
--     organisations were first to report at the same instant counts 1/k for each. Rounded to 6 digits; over
--     the organisations they add up to the shared events.
--   expected_firsts: The firsts that its volume alone would bring: the sum, over its shared events, of its
--     articles about the event divided by all articles with a provider about it. Rounded to 6 digits; over
--     the organisations they add up to the shared events.
--   first_ratio?: The quotient of firsts divided by expected_firsts, both as rounded: 1 is as often as its
--     volume would bring; NULL for fewer than 10 shared events.
--   late_event_count: Of the shared events, those that it was not first to report, not even at a tie.
--   lower_quartile_lag_hours?: First quartile of the hours from the event's earliest article with a provider
--     to its own, over the late events, interpolated between the two nearest values; NULL for fewer than 10
--     late events.
--   median_lag_hours?: Median of these hours; NULL for fewer than 10 late events.
--   upper_quartile_lag_hours?: Third quartile of these hours; NULL for fewer than 10 late events.
with organisation_articles as (
    select
        document_id,
        organisation_id,
        provider_id,
        event_id,
        cluster_id,
        is_news,
        is_syndicated,
        is_published,
        published_at,
        calendar_date,
        days_before_window_end
    from core.articles
    where organisation_id is not null
),

totals as (
    select count(*) as article_count
    from organisation_articles
),

measures as (
    select
        organisation_id,
        count(distinct provider_id) as provider_count,
        count(*) as article_count,
        count(*) filter (where is_news) as news_article_count,
        count(distinct event_id) as event_count,
        count(*) filter (where is_syndicated) as syndicated_article_count,
        count(*) filter (where is_published) as published_article_count,
        count(distinct cluster_id) as cluster_count,
        min(published_at) filter (where calendar_date is not null) as first_published_at,
        max(published_at) filter (where calendar_date is not null) as last_published_at
    from organisation_articles
    group by organisation_id
),

windows as (
    select
        organisation_id,
        count(*) filter (where days_before_window_end between 0 and 6) as last_7,
        count(*) filter (where days_before_window_end between 7 and 13) as previous_7,
        count(*) filter (where days_before_window_end between 0 and 27) as last_28,
        count(*) filter (where days_before_window_end between 28 and 55) as previous_28,
        count(*) filter (where days_before_window_end between 0 and 89) as last_90,
        count(*) filter (where days_before_window_end between 90 and 179) as previous_90
    from organisation_articles
    where is_news
    group by organisation_id
),

topic_counts as (
    select
        articles.organisation_id,
        links.topic_id,
        topics.is_omnipresent,
        count(*) as article_count
    from core.article_topics as links
    inner join organisation_articles as articles on articles.document_id = links.document_id
    inner join core.dim_topics as topics on topics.topic_id = links.topic_id
    group by articles.organisation_id, links.topic_id, topics.is_omnipresent
),

concentration as (
    select
        organisation_id,
        first(topic_id order by article_count desc, topic_id) as top_topic_id,
        max(article_count) as top_topic_article_count,
        hhi(article_count) as topic_hhi,
        shannon_number(article_count, topic_id) as shannon_topic_number
    from topic_counts
    where not is_omnipresent
    group by organisation_id
),

topics as (
    select
        organisation_id,
        count(*) as topic_count
    from topic_counts
    group by organisation_id
),

speeds as (
    select
        organisation_id,
        count(*) as shared_event_count,
        round(
            cast(sum(if(is_first, cast(1 / first_organisation_count as decimal(18, 12)), 0)) as double), 6
        ) as firsts,
        round(cast(sum(cast(article_count / event_article_count as decimal(18, 12))) as double), 6)
            as expected_firsts,
        count(*) filter (where not is_first) as late_event_count,
        quantile_cont(lag_hours, 0.25) filter (where not is_first) as lower_quartile_lag_hours,
        median(lag_hours) filter (where not is_first) as median_lag_hours,
        quantile_cont(lag_hours, 0.75) filter (where not is_first) as upper_quartile_lag_hours
    from core.event_organisations
    where event_organisation_count >= 2
    group by organisation_id
)

select
    measures.organisation_id,
    organisations.organisation_name,
    organisations.is_platform,
    organisations.is_omnipresent,
    measures.provider_count,
    measures.article_count,
    measures.news_article_count,
    measures.event_count,
    measures.syndicated_article_count,
    measures.published_article_count,
    measures.cluster_count,
    coalesce(topics.topic_count, 0) as topic_count,
    measures.article_count / totals.article_count as provided_article_share,
    organisations.news_article_share,
    measures.first_published_at,
    measures.last_published_at,
    coalesce(windows.last_7, 0) as last_7_days_article_count,
    coalesce(windows.previous_7, 0) as previous_7_days_article_count,
    (windows.last_7 - windows.previous_7) / nullif(windows.previous_7, 0) as last_7_days_growth_share,
    coalesce(windows.last_28, 0) as last_28_days_article_count,
    coalesce(windows.previous_28, 0) as previous_28_days_article_count,
    (windows.last_28 - windows.previous_28) / nullif(windows.previous_28, 0) as last_28_days_growth_share,
    coalesce(windows.last_90, 0) as last_90_days_article_count,
    coalesce(windows.previous_90, 0) as previous_90_days_article_count,
    (windows.last_90 - windows.previous_90) / nullif(windows.previous_90, 0) as last_90_days_growth_share,
    concentration.top_topic_id,
    names.topic as top_topic,
    concentration.top_topic_article_count / measures.article_count as top_topic_share,
    concentration.topic_hhi,
    1 / concentration.topic_hhi as effective_topic_number,
    concentration.shannon_topic_number,
    coalesce(speeds.shared_event_count, 0) as shared_event_count,
    measures.event_count - coalesce(speeds.shared_event_count, 0) as exclusive_event_count,
    coalesce(speeds.firsts, 0) as firsts,
    coalesce(speeds.expected_firsts, 0) as expected_firsts,
    if(speeds.shared_event_count >= 10, speeds.firsts / speeds.expected_firsts, null) as first_ratio,
    coalesce(speeds.late_event_count, 0) as late_event_count,
    if(speeds.late_event_count >= 10, speeds.lower_quartile_lag_hours, null) as lower_quartile_lag_hours,
    if(speeds.late_event_count >= 10, speeds.median_lag_hours, null) as median_lag_hours,
    if(speeds.late_event_count >= 10, speeds.upper_quartile_lag_hours, null) as upper_quartile_lag_hours
from measures
cross join totals
inner join core.dim_organisations as organisations on organisations.organisation_id = measures.organisation_id
left join windows on windows.organisation_id = measures.organisation_id
left join topics on topics.organisation_id = measures.organisation_id
left join concentration on concentration.organisation_id = measures.organisation_id
left join core.dim_topics as names on names.topic_id = concentration.top_topic_id
left join speeds on speeds.organisation_id = measures.organisation_id
