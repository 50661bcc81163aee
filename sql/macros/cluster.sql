-- The articles of a cluster, the source's own group of related links, in the order of publication; those
-- without a calendar_date last.
--
-- Grain: an article of a cluster.
-- Parameters:
--   title_or_id: A part of the title of one of its articles, in any case; or its cluster_id; or the
--     document_id, path or URL of one of its articles. Several clusters may match; if none does, that is an
--     error.
-- Columns:
--   cluster_id
--   published_at
--   hours_after_first?: Hours from first_published_at of the cluster to published_at of this article, never
--     negative; NULL without a calendar_date, since first_published_at counts none of these articles.
--   provider_name? [provider]: Name of its provider; NULL if the file names none.
--   title
--   kind
--   heat [scores]
--   is_head: Whether the article represents the cluster, as head_document_id of core.clusters.
--   canonical_url
--   document_id
with matching as (
    select distinct cluster_id
    from core.articles
    where
        contains(lower(title), nullif(lower(trim(title_or_id)), ''))
        or cluster_id = title_or_id
        or document_id = title_or_id
        or path = title_or_id
        or canonical_url = title_or_id
),

-- Materialized, so that the error comes even where the join would have no rows anyway.
asked as materialized (
    select cluster_id
    from matching
    union all
    select
        no_match(
            'cluster: no article has in its title, or as its id, path or URL,',
            title_or_id,
            titles_with_words(list(title), title_or_id),
            'write a part of a title, or look for one with search()'
        ) as cluster_id
    -- No title is compared where a cluster is found.
    from core.articles
    where (select count(*) from matching) = 0
    having (select count(*) from matching) = 0
)

select
    articles.cluster_id,
    articles.published_at,
    case
        when articles.calendar_date is not null
            then date_diff('second', clusters.first_published_at, articles.published_at) / 3600
    end as hours_after_first,
    providers.provider_name,
    articles.title,
    articles.kind,
    articles.heat,
    articles.document_id = clusters.head_document_id as is_head,
    articles.canonical_url,
    articles.document_id
from core.articles as articles
inner join asked on asked.cluster_id = articles.cluster_id
inner join core.clusters as clusters on clusters.cluster_id = articles.cluster_id
left join core.dim_providers as providers on providers.provider_id = articles.provider_id
order by
    clusters.first_published_at nulls last,
    articles.cluster_id,
    articles.calendar_date nulls last,
    articles.published_at nulls last,
    articles.path
