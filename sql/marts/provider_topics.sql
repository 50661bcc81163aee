-- Topics of each provider: how much of the provider's coverage is on the topic, and how much of the topic's
-- coverage is from the provider.
--
-- Grain: a provider and a topic that at least one of its articles has.
-- Key: provider_id, topic_id
-- References: provider_id in marts.provider_report, topic_id in marts.coverage_by_topic
-- Order: article_count desc
-- Needs: provider
-- Columns:
--   provider_id: The provider: `domain/name-slug`.
--   topic_id
--   organisation_id
--   provider_name
--   is_platform
--   topic
--   is_omnipresent
--   article_count: Articles of the provider with the topic.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   syndicated_article_count: Of these articles, the copies, see core.syndication.
--   published_article_count: Of these articles, those with `published: true`.
--   cluster_count [related]: Distinct clusters of these articles.
--   topic_rank: Rank of the topic among the provider's topics: 1 for the topic with most articles, ties going
--     by topic_id.
--   provider_article_share: Share (0..1) of the provider's articles with the topic. An article may have
--     several topics, so over the topics these shares may add up to more than 1.
--   topic_article_share: Share (0..1) of the topic's articles with a provider that are from this provider;
--     over the providers of the topic these shares add up to 1.
--   mean_heat? [scores]: Mean heat, a score of the source, of the news articles of these with a heat; NULL
--     unless heat_basis is `varies`.
--   heat_basis [scores]: Whether these heat values tell the articles apart: `varies`, `constant` if all are
--     equal, `too few` if there is one only, `none`.
--   mean_quality? [scores]: Mean quality, a score of the source, of the news articles of these with a
--     quality; NULL unless quality_basis is `varies`.
--   quality_basis [scores]: The same as heat_basis, for quality.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
with measures as (
    select
        articles.provider_id,
        topics.topic_id,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(distinct articles.event_id) as event_count,
        count(*) filter (where articles.is_syndicated) as syndicated_article_count,
        count(*) filter (where articles.is_published) as published_article_count,
        count(distinct articles.cluster_id) as cluster_count,
        score_mean(if(articles.is_news, articles.heat, null)) as mean_heat,
        score_basis(if(articles.is_news, articles.heat, null)) as heat_basis,
        score_mean(if(articles.is_news, articles.quality, null)) as mean_quality,
        score_basis(if(articles.is_news, articles.quality, null)) as quality_basis,
        min(articles.published_at) filter (where articles.calendar_date is not null) as first_published_at,
        max(articles.published_at) filter (where articles.calendar_date is not null) as last_published_at
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    where articles.provider_id is not null
    group by articles.provider_id, topics.topic_id
),

topic_totals as (
    select
        topic_id,
        sum(article_count) as article_count
    from measures
    group by topic_id
)

select
    measures.provider_id,
    measures.topic_id,
    providers.organisation_id,
    providers.provider_name,
    providers.is_platform,
    names.topic,
    names.is_omnipresent,
    measures.article_count,
    measures.news_article_count,
    measures.event_count,
    measures.syndicated_article_count,
    measures.published_article_count,
    measures.cluster_count,
    row_number() over (
        partition by measures.provider_id
        order by measures.article_count desc, measures.topic_id
    ) as topic_rank,
    measures.article_count / providers.article_count as provider_article_share,
    measures.article_count / topic_totals.article_count as topic_article_share,
    measures.mean_heat,
    measures.heat_basis,
    measures.mean_quality,
    measures.quality_basis,
    measures.first_published_at,
    measures.last_published_at
from measures
inner join topic_totals on topic_totals.topic_id = measures.topic_id
inner join core.dim_providers as providers on providers.provider_id = measures.provider_id
inner join core.dim_topics as names on names.topic_id = measures.topic_id
