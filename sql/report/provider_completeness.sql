-- Completeness of the articles of the largest providers.
--
-- Grain: a provider in the charts.
-- Key: provider_rank
-- Columns:
--   provider_rank: The provider by report.providers, 1 to 12.
--   provider_name
--   article_count: Articles of the provider, of all kinds.
--   title_share: Share (0..1) of the articles with a title.
--   date_share: Share (0..1) of the articles with a calendar_date.
--   url_share: Share (0..1) of the articles with a canonical URL.
--   topic_share [topics]: Share (0..1) of the articles with at least one topic.
--   image_share [images]: Share (0..1) of the articles with at least one image that has a URL.
--   quality_share [scores]: Share (0..1) of the articles with a quality.
--   heat_share [scores]: Share (0..1) of the articles with a heat, including the -1 of suppressed articles.
select
    providers.provider_rank,
    providers.provider_name,
    count(*) as article_count,
    count(articles.title) / count(*) as title_share,
    count(articles.calendar_date) / count(*) as date_share,
    count(articles.canonical_url) / count(*) as url_share,
    count(*) filter (where articles.topic_count > 0) / count(*) as topic_share,
    count(*) filter (where articles.has_image) / count(*) as image_share,
    count(articles.quality) / count(*) as quality_share,
    count(*) filter (where articles.heat is not null or articles.is_suppressed) / count(*) as heat_share
from report.providers as providers
inner join core.articles as articles on articles.provider_id = providers.provider_id
where providers.provider_rank <= 12
group by providers.provider_rank, providers.provider_name
