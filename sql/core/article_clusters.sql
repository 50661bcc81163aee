-- The cluster of each article: the connected component of articles joined by resolved related links, in
-- either direction. The source lists related articles by their likeness: a cluster is no event, and has
-- articles of many days and matters.
--
-- Direct neighbours are not enough, because not every corpus writes out a cluster in each of its members.
-- Every node starts with its own number as its label and takes the lowest label among its neighbours, until
-- no label changes. A node whose label falls also passes the new label to the node whose number was the old
-- one, and each node takes the label of its label: a chain of thousands then needs a dozen rounds instead of
-- thousands. Only articles with links take part.
--
-- Grain: an article.
-- Key: document_id
-- References: document_id in core.articles, cluster_id in core.clusters
-- Columns:
--   document_id
--   cluster_id: The cluster: the smallest document_id among its articles. An article without links is a
--     cluster of its own.
with recursive links as (
    select
        document_id,
        resolved_document_id as neighbour_id
    from core.related_links
    where is_cluster_link
    union
    select
        resolved_document_id as document_id,
        document_id as neighbour_id
    from core.related_links
    where is_cluster_link
),

nodes as materialized (
    select
        document_id,
        row_number() over (order by document_id) as node
    from links
    group by document_id
),

edges as materialized (
    select
        here.node,
        there.node as neighbour
    from links
    inner join nodes as here on here.document_id = links.document_id
    inner join nodes as there on there.document_id = links.neighbour_id
),

labels(node, label) using key (node) as (
    select
        node,
        node as label
    from nodes
    union
    (
        with heard as (
            select
                edges.neighbour as node,
                min(labels.label) as label
            from labels
            inner join edges on edges.node = labels.node
            group by edges.neighbour
        ),

        offers as (
            select
                node,
                label
            from heard
            union all
            select
                own.label as node,
                heard.label
            from heard
            inner join recurring.labels as own on own.node = heard.node
            where heard.label < own.label
            union all
            select
                own.node,
                above.label
            from recurring.labels as own
            inner join recurring.labels as above on above.node = own.label
            where above.label < own.label
        ),

        lowest as (
            select
                node,
                min(label) as label
            from offers
            group by node
        )

        select
            lowest.node,
            lowest.label
        from lowest
        inner join recurring.labels as own on own.node = lowest.node
        where lowest.label < own.label
    )
),

linked as (
    select
        nodes.document_id,
        heads.document_id as cluster_id
    from labels
    inner join nodes on nodes.node = labels.node
    inner join nodes as heads on heads.node = labels.label
)

select
    articles.document_id,
    coalesce(linked.cluster_id, articles.document_id) as cluster_id
from core.translations as articles
left join linked on linked.document_id = articles.document_id
where articles.is_article
