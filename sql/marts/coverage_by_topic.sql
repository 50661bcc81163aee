-- Coverage of each topic: volume, providers, scores and growth.
--
-- Every article with the topic counts once, published or not. Windows of days count news articles by
-- calendar_date and end on window_end_date of core.corpus_dates; articles without a calendar_date count in
-- totals, but in no window. More articles of a topic may only mean that more articles have topics: for its
-- share of the tagged news see marts.topic_momentum.
--
-- Grain: a topic of at least one article.
-- Key: topic_id
-- References: topic_id in core.dim_topics, top_provider_id in marts.provider_report
-- Order: event_count desc, article_count desc
-- Needs: topics
-- Columns:
--   topic_id
--   topic
--   is_omnipresent
--   article_count: Articles with the topic.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   published_article_count: Of these articles, those with `published: true`; false is a normal state.
--   suppressed_article_count [scores]: Of these articles, those that a heat of -1 suppresses, because another
--     member of their cluster represents them.
--   cluster_count [related]: Distinct clusters of these articles; several articles may be one cluster.
--   provider_count [provider]: Distinct providers of these articles; articles without a provider add none.
--   article_share: Share (0..1) of all articles that have the topic. An article may have several topics, so
--     over the topics these shares may add up to more than 1.
--   tagged_news_share
--   topic_row_share: Share (0..1) of the rows of core.article_topics, which are pairs of article and topic;
--     over the topics these shares add up to 1.
--   heat_article_count [scores]: News articles with a heat, from which the heat columns are computed. Heat
--     and quality are scores of the source, on its own scale.
--   heat_basis [scores]: Whether heat tells these news articles apart: `varies`, `constant` if all have the
--     same, `too few` if only one has a heat, `none` if none has one. The heat columns are NULL unless it
--     varies.
--   mean_heat? [scores]: Mean heat of the news articles with a heat; NULL unless heat_basis is `varies`.
--   median_heat? [scores]: Median heat of these; of an even number of values, the mean of the two in the
--     middle; NULL unless heat_basis is `varies`.
--   max_heat? [scores]: Highest heat of these; NULL unless heat_basis is `varies`.
--   quality_article_count [scores]: News articles with a quality, from which the quality columns are
--     computed.
--   quality_basis [scores]: As heat_basis, of quality.
--   mean_quality? [scores]: Mean quality of the news articles with a quality; NULL unless quality_basis is
--     `varies`.
--   median_quality? [scores]: Median quality of these, as median_heat; NULL unless quality_basis is `varies`.
--   max_quality? [scores]: Highest quality of these; NULL unless quality_basis is `varies`.
--   image_coverage_share [images]: Share (0..1) of the articles with at least one image that has a URL.
--   video_share [videos]: Share (0..1) of the articles that are videos.
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
--   top_provider_id? [provider]: The provider with most of the articles, ties going to the first by id; NULL
--     if no article has a provider.
--   top_provider_name? [provider]: Name of top_provider_id; NULL if no article has a provider.
--   top_provider_share? [provider]: Share (0..1) of the articles with a provider that are from
--     top_provider_id; NULL if no article has a provider.
--   provider_hhi? [provider]: Concentration (0..1) of providers, the Herfindahl-Hirschman index: the sum of
--     the squared shares of the providers in the articles with a provider, 1 for a single provider; NULL if
--     no article has a provider.
with topic_articles as (
    select
        topics.topic_id,
        articles.document_id,
        articles.cluster_id,
        articles.event_id,
        articles.provider_id,
        articles.is_news,
        articles.is_published,
        articles.is_suppressed,
        articles.is_video,
        articles.has_image,
        articles.heat,
        articles.quality,
        articles.published_at,
        articles.calendar_date,
        articles.days_before_window_end
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
),

totals as (
    select
        (select count(*) from core.articles) as article_count,
        (select count(*) from core.article_topics) as topic_row_count
),

measures as (
    select
        topic_id,
        count(*) as article_count,
        count(*) filter (where is_news) as news_article_count,
        count(distinct event_id) as event_count,
        count(*) filter (where is_published) as published_article_count,
        count(*) filter (where is_suppressed) as suppressed_article_count,
        count(distinct cluster_id) as cluster_count,
        count(distinct provider_id) as provider_count,
        count(heat) filter (where is_news) as heat_article_count,
        count(quality) filter (where is_news) as quality_article_count,
        count(*) filter (where has_image) / count(*) as image_coverage_share,
        count(*) filter (where is_video) / count(*) as video_share,
        min(published_at) filter (where calendar_date is not null) as first_published_at,
        max(published_at) filter (where calendar_date is not null) as last_published_at
    from topic_articles
    group by topic_id
),

scores as (
    select
        topic_id,
        score_basis(heat) as heat_basis,
        score_mean(heat) as mean_heat,
        score_median(heat) as median_heat,
        score_max(heat) as max_heat,
        score_basis(quality) as quality_basis,
        score_mean(quality) as mean_quality,
        score_median(quality) as median_quality,
        score_max(quality) as max_quality
    from topic_articles
    where is_news
    group by topic_id
),

windows as (
    select
        topic_id,
        count(*) filter (where is_news and days_before_window_end between 0 and 6) as last_7,
        count(*) filter (where is_news and days_before_window_end between 7 and 13) as previous_7,
        count(*) filter (where is_news and days_before_window_end between 0 and 27) as last_28,
        count(*) filter (where is_news and days_before_window_end between 28 and 55) as previous_28,
        count(*) filter (where is_news and days_before_window_end between 0 and 89) as last_90,
        count(*) filter (where is_news and days_before_window_end between 90 and 179) as previous_90
    from topic_articles
    group by topic_id
),

provider_counts as (
    select
        topic_id,
        provider_id,
        count(*) as article_count
    from topic_articles
    where provider_id is not null
    group by topic_id, provider_id
),

concentration as (
    select
        topic_id,
        first(provider_id order by article_count desc, provider_id) as top_provider_id,
        max(article_count) / sum(article_count) as top_provider_share,
        hhi(article_count) as provider_hhi
    from provider_counts
    group by topic_id
)

select
    measures.topic_id,
    names.topic,
    names.is_omnipresent,
    measures.article_count,
    measures.news_article_count,
    measures.event_count,
    measures.published_article_count,
    measures.suppressed_article_count,
    measures.cluster_count,
    measures.provider_count,
    measures.article_count / totals.article_count as article_share,
    names.tagged_news_share,
    measures.article_count / totals.topic_row_count as topic_row_share,
    measures.heat_article_count,
    coalesce(scores.heat_basis, 'none') as heat_basis,
    scores.mean_heat,
    scores.median_heat,
    scores.max_heat,
    measures.quality_article_count,
    coalesce(scores.quality_basis, 'none') as quality_basis,
    scores.mean_quality,
    scores.median_quality,
    scores.max_quality,
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
    concentration.top_provider_id,
    providers.provider_name as top_provider_name,
    concentration.top_provider_share,
    concentration.provider_hhi
from measures
cross join totals
inner join windows on windows.topic_id = measures.topic_id
inner join core.dim_topics as names on names.topic_id = measures.topic_id
left join scores on scores.topic_id = measures.topic_id
left join concentration on concentration.topic_id = measures.topic_id
left join core.dim_providers as providers on providers.provider_id = concentration.top_provider_id
