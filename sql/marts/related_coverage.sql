-- Related items by the provider that they point at: whether its documents were collected, and how stale the
-- copies are.
--
-- Grain: a provider that related items of articles name; `(none)` for items that name none.
-- Key: provider_id
-- Order: article_count desc
-- Needs: related
-- Columns:
--   provider_id: The provider that the items point at, `domain/name-slug`; `(none)` for items that name none.
--   provider_name? [provider]: The name used most often; NULL for `(none)`.
--   provider_domain? [provider]: Domain of the provider; NULL for `(none)` and if it has none.
--   is_related_only? [provider]: Whether none of the provider's own documents was collected; NULL for
--     `(none)`.
--   related_item_count: Related items that name the provider, including repeats and self references.
--   article_count: Articles that list at least one of these items.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   cluster_count: Distinct clusters of these articles.
--   linking_provider_count [provider]: Distinct providers of these articles.
--   own_item_count [provider]: Items that an article of the same provider lists.
--   url_count: Distinct URLs of the items.
--   without_url_item_count: Items without a URL, which cannot resolve.
--   resolved_item_count: Items that resolve to a document, by URL.
--   resolved_share: Share (0..1) of the items that resolve to a document.
--   self_item_count: Items with the URL of the article that lists them.
--   duplicate_item_count: Items whose URL the same article lists at an earlier position.
--   comparable_item_count: Resolved items with a title whose document has a title too, the base of
--     stale_title_share.
--   stale_title_count: Of these comparable items, those whose title differs from the document's.
--   stale_title_share?: Share (0..1) of the comparable items whose title differs from the document's; NULL if
--     there are none.
--   mean_quality? [scores]: Mean quality, a score of the source, of the items with a quality, as the items
--     give it; NULL unless quality_basis is `varies`.
--   quality_basis [scores]: Whether quality tells these items apart: `varies`, `constant` if all are equal,
--     `too few` if one item has one, `none` if none has.
with labelled as (
    select
        coalesce(links.provider_id, '(none)') as provider_id,
        links.document_id,
        articles.cluster_id,
        articles.event_id,
        if(articles.is_news, links.document_id, null) as news_document_id,
        articles.provider_id as linking_provider_id,
        links.canonical_url,
        links.quality,
        links.is_resolved,
        links.is_self,
        links.is_duplicate,
        links.is_stale_title,
        coalesce(links.provider_id = articles.provider_id, false) as is_own
    from core.related_links as links
    inner join core.articles as articles on articles.document_id = links.document_id
),

measures as (
    select
        provider_id,
        count(*) as related_item_count,
        count(distinct document_id) as article_count,
        count(distinct news_document_id) as news_article_count,
        count(distinct event_id) as event_count,
        count(distinct cluster_id) as cluster_count,
        count(distinct linking_provider_id) as linking_provider_count,
        count(*) filter (where is_own) as own_item_count,
        count(distinct canonical_url) as url_count,
        count(*) filter (where canonical_url is null) as without_url_item_count,
        count(*) filter (where is_resolved) as resolved_item_count,
        count(*) filter (where is_self) as self_item_count,
        count(*) filter (where is_duplicate) as duplicate_item_count,
        count(is_stale_title) as comparable_item_count,
        count(*) filter (where is_stale_title) as stale_title_count,
        score_mean(quality) as mean_quality,
        score_basis(quality) as quality_basis
    from labelled
    group by provider_id
)

select
    measures.provider_id,
    providers.provider_name,
    providers.provider_domain,
    providers.is_related_only,
    measures.related_item_count,
    measures.article_count,
    measures.news_article_count,
    measures.event_count,
    measures.cluster_count,
    measures.linking_provider_count,
    measures.own_item_count,
    measures.url_count,
    measures.without_url_item_count,
    measures.resolved_item_count,
    measures.resolved_item_count / measures.related_item_count as resolved_share,
    measures.self_item_count,
    measures.duplicate_item_count,
    measures.comparable_item_count,
    measures.stale_title_count,
    measures.stale_title_count / nullif(measures.comparable_item_count, 0) as stale_title_share,
    measures.mean_quality,
    measures.quality_basis
from measures
left join core.dim_providers as providers on providers.provider_id = measures.provider_id
