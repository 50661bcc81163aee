-- Coverage by each provider: volume, topics, scores, growth, and how often it publishes a cluster first.
--
-- An article counts once, whatever the number of its topics. Articles without a provider have no row here,
-- but count in the base of article_share. Windows of days end on as_of_date, inclusive, and count articles by
-- calendar_date; articles without one count in totals, but in no window.
--
-- Grain: a provider of at least one article.
-- Key: provider_id
-- References: top_topic_id in marts.coverage_by_topic
-- Needs: provider
-- Columns:
--   provider_id: The provider: `domain/name-slug`.
--   provider_name
--   provider_domain
--   article_count: Articles of the provider.
--   published_article_count: Of these articles, those with `published: true`; false is a normal state.
--   suppressed_article_count [scores]: Of these articles, those that a heat of -1 suppresses, because
--     another member of their cluster represents them.
--   cluster_count [related]: Distinct clusters of these articles.
--   topic_count [topics]: Distinct topics of these articles.
--   article_share: Share (0..1) of all articles, including those without a provider.
--   provided_article_share: Share (0..1) of the articles with a provider; over the providers these shares add
--     up to 1.
--   heat_article_count [scores]: Articles with a heat, from which the heat columns are computed;
--     suppressed articles have none.
--   mean_heat? [scores]: Mean heat of the articles with a heat; NULL if none has one.
--   median_heat? [scores]: Median heat of the articles with a heat; NULL if none has one.
--   max_heat? [scores]: Highest heat; NULL if no article has one.
--   quality_article_count [scores]: Articles with a quality, from which the quality columns are computed.
--   mean_quality? [scores]: Mean quality of the articles with a quality; NULL if none has one.
--   median_quality? [scores]: Median quality of the articles with a quality; NULL if none has one.
--   max_quality? [scores]: Highest quality; NULL if no article has one.
--   image_coverage_share [images]: Share (0..1) of the articles with at least one image that has a URL.
--   video_share [videos]: Share (0..1) of the articles that are videos.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
--   last_7_days_article_count: Articles of the last 7 days, as_of_date included.
--   previous_7_days_article_count: Articles of the 7 days before the last 7.
--   last_7_days_growth_share?: Change from the previous 7 days to the last 7, as a share of the previous: 1
--     means twice as many, -1 none; NULL if there were none before.
--   last_28_days_article_count: Articles of the last 28 days, as_of_date included.
--   previous_28_days_article_count: Articles of the 28 days before the last 28.
--   last_28_days_growth_share?: Change from the previous 28 days to the last 28, as a share of the previous;
--     NULL if there were none before.
--   last_90_days_article_count: Articles of the last 90 days, as_of_date included.
--   previous_90_days_article_count: Articles of the 90 days before the last 90.
--   last_90_days_growth_share?: Change from the previous 90 days to the last 90, as a share of the previous;
--     NULL if there were none before.
--   top_topic_id? [topics]: The topic of most of the articles, ties going to the first by id; NULL if no
--     article has a topic.
--   top_topic? [topics]: Spelling of top_topic_id that most documents use; NULL if no article has a topic.
--   top_topic_share? [topics]: Share (0..1) of the provider's articles with top_topic_id; NULL if no
--     article has a topic.
--   topic_hhi? [topics]: Concentration (0..1) of topics, the Herfindahl-Hirschman index: the sum of the
--     squared shares of the topics in the pairs of article and topic, 1 for a single topic; NULL if no
--     article has a topic.
--   shared_cluster_count [related]: Clusters of the provider that at least one other provider covers too.
--   first_to_publish_count [related]: Of these shared clusters, those that it published first, by
--     first_provider_id of core.clusters.
--   first_to_publish_share? [related]: Share (0..1) of the shared clusters that it published first; NULL
--     if there are no shared clusters.
--   median_lag_hours? [related]: Median, over the shared clusters that it did not publish first, of the
--     hours from the first provider's earliest article to its own earliest article; NULL if there are
--     none with a calendar_date.
with provider_articles as (
    select
        document_id,
        provider_id,
        cluster_id,
        is_published,
        is_suppressed,
        is_video,
        has_image,
        heat,
        quality,
        published_at,
        calendar_date,
        days_before_window_end
    from core.articles
    where provider_id is not null
),

totals as (
    select
        count(*) as article_count,
        count(provider_id) as provided_article_count
    from core.articles
),

measures as (
    select
        provider_id,
        count(*) as article_count,
        count(*) filter (where is_published) as published_article_count,
        count(*) filter (where is_suppressed) as suppressed_article_count,
        count(distinct cluster_id) as cluster_count,
        count(heat) as heat_article_count,
        exact_mean(heat) as mean_heat,
        median(heat) as median_heat,
        max(heat) as max_heat,
        count(quality) as quality_article_count,
        exact_mean(quality) as mean_quality,
        median(quality) as median_quality,
        max(quality) as max_quality,
        count(*) filter (where has_image) / count(*) as image_coverage_share,
        count(*) filter (where is_video) / count(*) as video_share,
        min(published_at) filter (where calendar_date is not null) as first_published_at,
        max(published_at) filter (where calendar_date is not null) as last_published_at
    from provider_articles
    group by provider_id
),

windows as (
    select
        provider_id,
        count(*) filter (where days_before_window_end between 0 and 6) as last_7,
        count(*) filter (where days_before_window_end between 7 and 13) as previous_7,
        count(*) filter (where days_before_window_end between 0 and 27) as last_28,
        count(*) filter (where days_before_window_end between 28 and 55) as previous_28,
        count(*) filter (where days_before_window_end between 0 and 89) as last_90,
        count(*) filter (where days_before_window_end between 90 and 179) as previous_90
    from provider_articles
    group by provider_id
),

topic_counts as (
    select
        articles.provider_id,
        topics.topic_id,
        count(*) as article_count
    from core.article_topics as topics
    inner join provider_articles as articles on articles.document_id = topics.document_id
    group by articles.provider_id, topics.topic_id
),

concentration as (
    select
        provider_id,
        count(*) as topic_count,
        first(topic_id order by article_count desc, topic_id) as top_topic_id,
        max(article_count) as top_topic_article_count,
        sum(article_count * article_count) / (sum(article_count) * sum(article_count)) as topic_hhi
    from topic_counts
    group by provider_id
),

shared_clusters as (
    select
        articles.provider_id,
        articles.cluster_id,
        coalesce(articles.provider_id = clusters.first_provider_id, false) as is_first,
        min(articles.published_at) filter (where articles.calendar_date is not null) as published_at
    from provider_articles as articles
    inner join core.clusters as clusters on clusters.cluster_id = articles.cluster_id
    where clusters.provider_count >= 2
    group by articles.provider_id, articles.cluster_id, clusters.first_provider_id
),

lags as (
    select
        provider_id,
        is_first,
        date_diff('second', min(published_at) over (partition by cluster_id), published_at) as lag_seconds
    from shared_clusters
),

races as (
    select
        provider_id,
        count(*) as shared_cluster_count,
        count(*) filter (where is_first) as first_to_publish_count,
        median(lag_seconds) filter (where not is_first) / 3600 as median_lag_hours
    from lags
    group by provider_id
)

select
    measures.provider_id,
    providers.provider_name,
    providers.provider_domain,
    measures.article_count,
    measures.published_article_count,
    measures.suppressed_article_count,
    measures.cluster_count,
    coalesce(concentration.topic_count, 0) as topic_count,
    measures.article_count / totals.article_count as article_share,
    measures.article_count / totals.provided_article_count as provided_article_share,
    measures.heat_article_count,
    measures.mean_heat,
    measures.median_heat,
    measures.max_heat,
    measures.quality_article_count,
    measures.mean_quality,
    measures.median_quality,
    measures.max_quality,
    measures.image_coverage_share,
    measures.video_share,
    measures.first_published_at,
    measures.last_published_at,
    windows.last_7 as last_7_days_article_count,
    windows.previous_7 as previous_7_days_article_count,
    (windows.last_7 - windows.previous_7) / nullif(windows.previous_7, 0) as last_7_days_growth_share,
    windows.last_28 as last_28_days_article_count,
    windows.previous_28 as previous_28_days_article_count,
    (windows.last_28 - windows.previous_28) / nullif(windows.previous_28, 0) as last_28_days_growth_share,
    windows.last_90 as last_90_days_article_count,
    windows.previous_90 as previous_90_days_article_count,
    (windows.last_90 - windows.previous_90) / nullif(windows.previous_90, 0) as last_90_days_growth_share,
    concentration.top_topic_id,
    names.topic as top_topic,
    concentration.top_topic_article_count / measures.article_count as top_topic_share,
    concentration.topic_hhi,
    coalesce(races.shared_cluster_count, 0) as shared_cluster_count,
    coalesce(races.first_to_publish_count, 0) as first_to_publish_count,
    races.first_to_publish_count / races.shared_cluster_count as first_to_publish_share,
    races.median_lag_hours
from measures
cross join totals
inner join windows on windows.provider_id = measures.provider_id
inner join core.dim_providers as providers on providers.provider_id = measures.provider_id
left join concentration on concentration.provider_id = measures.provider_id
left join core.dim_topics as names on names.topic_id = concentration.top_topic_id
left join races on races.provider_id = measures.provider_id
