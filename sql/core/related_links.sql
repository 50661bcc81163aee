-- Related items of articles, resolved to the documents that they point at.
--
-- An item resolves if a document has its canonical URL; an item without a URL does not. If several documents
-- share the URL, the item points at the one with its published_at, then with its title, then at another
-- document than the one that lists it, then at an article, then at the first by path. A URL that more than a
-- hundred documents share identifies nothing: it resolves to the first article by path, or else to the first
-- document. An item that points at a translation resolves to its article.
--
-- Grain: a related item of an article.
-- Key: document_id, position
-- References: document_id in core.articles, provider_id in core.dim_providers
-- Columns:
--   document_id
--   position
--   canonical_url
--   title
--   published_at
--   type
--   quality
--   heat
--   provider_id
--   provider_domain
--   resolved_document_id?: The document that the item points at; NULL if no document has its URL.
--   is_resolved: Whether the item points at a document.
--   is_cluster_link: Whether the item points at another article, which joins the two into one cluster.
--   is_self: Whether the item has the URL of the article that lists it.
--   is_duplicate: Whether the article lists the same URL at an earlier position.
--   is_stale_title?: Whether the title of the item differs from the title of the document that it points at;
--     NULL if it points at none or one of the two has no title.
with urls as (
    select
        canonical_url,
        count(*) as document_count,
        first(document_id order by is_coverage desc, path) as first_document_id
    from staging.documents
    where canonical_url is not null
    group by canonical_url
),

contested as (
    select
        items.document_id,
        items.position,
        candidates.document_id as resolved_document_id
    from staging.related_items as items
    inner join urls
        on urls.canonical_url = items.canonical_url and urls.document_count between 2 and 100
    inner join staging.documents as candidates on candidates.canonical_url = items.canonical_url
    qualify row_number() over (
        partition by items.document_id, items.position
        order by
            coalesce(candidates.published_at = items.published_at, false) desc,
            coalesce(candidates.title = items.title, false) desc,
            candidates.document_id = items.document_id,
            candidates.is_coverage desc,
            candidates.path
    ) = 1
),

repeats as (
    select
        document_id,
        canonical_url,
        min(position) as first_position
    from staging.related_items
    where canonical_url is not null
    group by document_id, canonical_url
    having count(*) > 1
),

resolved as (
    select
        items.document_id,
        items.position,
        items.canonical_url,
        items.title,
        items.published_at,
        items.type,
        items.quality,
        items.heat,
        items.provider_id,
        items.provider_domain,
        coalesce(contested.resolved_document_id, urls.first_document_id) as target_document_id,
        coalesce(items.canonical_url = articles.canonical_url, false) as is_self,
        coalesce(items.position > repeats.first_position, false) as is_duplicate
    from staging.related_items as items
    inner join staging.documents as articles on articles.document_id = items.document_id
    inner join core.translations as translations
        on translations.document_id = items.document_id and translations.is_article
    left join urls on urls.canonical_url = items.canonical_url
    left join contested
        on contested.document_id = items.document_id and contested.position = items.position
    left join repeats
        on repeats.document_id = items.document_id and repeats.canonical_url = items.canonical_url
)

select
    resolved.document_id,
    resolved.position,
    resolved.canonical_url,
    resolved.title,
    resolved.published_at,
    resolved.type,
    resolved.quality,
    resolved.heat,
    resolved.provider_id,
    resolved.provider_domain,
    coalesce(translations.article_document_id, resolved.target_document_id) as resolved_document_id,
    resolved.target_document_id is not null as is_resolved,
    coalesce(translations.article_document_id <> resolved.document_id, false) as is_cluster_link,
    resolved.is_self,
    resolved.is_duplicate,
    resolved.title <> targets.title as is_stale_title
from resolved
left join staging.documents as targets on targets.document_id = resolved.target_document_id
left join core.translations as translations on translations.document_id = resolved.target_document_id
