-- Clusters, which are articles connected by resolved related links, with the article that represents each
-- cluster. A cluster is what the source took for similar, not an event: see core.events for those.
--
-- Grain: a cluster: articles connected by resolved related links, or one article without such links.
-- Key: cluster_id
-- References: head_document_id in core.articles, first_provider_id in core.dim_providers
-- Columns:
--   cluster_id
--   head_document_id: The article that represents the cluster: the first by not being suppressed, highest
--     heat, earliest calendar_date, earliest published_at and path; articles without a heat or a
--     calendar_date come last.
--   title?: Title of the head article; NULL if it has none.
--   article_count: Articles of the cluster.
--   published_article_count: Of these articles, those with `published: true`.
--   suppressed_article_count: Of these articles, those that a heat of -1 suppresses.
--   provider_count: Distinct providers of these articles; articles without a provider add none.
--   topic_count: Distinct topics of these articles.
--   first_published_at?: Earliest published_at (UTC) of the articles with a calendar_date; NULL if none has
--     one.
--   last_published_at?: Latest published_at (UTC) of the articles with a calendar_date; NULL if none has one.
--   span_hours?: Hours from first_published_at to last_published_at, 0 for one dated article; NULL if no
--     article has a calendar_date.
--   first_provider_id?: Provider of the earliest article that has a provider and a calendar_date, by
--     published_at and then by path; NULL if there is none.
--   max_heat?: Highest heat of the articles; NULL if none has one.
with shared as (
    -- Most clusters have one article, whose order needs no sorting.
    select cluster_id
    from core.articles
    group by cluster_id
    having count(*) > 1
),

topics as (
    select
        articles.cluster_id,
        count(distinct topics.topic_id) as topic_count
    from core.article_topics as topics
    inner join core.articles as articles on articles.document_id = topics.document_id
    group by articles.cluster_id
),

heads as (
    select
        articles.cluster_id,
        articles.document_id as head_document_id,
        articles.title
    from core.articles as articles
    anti join shared on shared.cluster_id = articles.cluster_id
    union all
    (
        select
            articles.cluster_id,
            articles.document_id as head_document_id,
            articles.title
        from core.articles as articles
        semi join shared on shared.cluster_id = articles.cluster_id
        qualify row_number() over (
            partition by articles.cluster_id
            order by
                articles.is_suppressed,
                articles.heat desc nulls last,
                articles.calendar_date nulls last,
                articles.published_at,
                articles.path
        ) = 1
    )
),

dated as (
    select
        cluster_id,
        provider_id,
        published_at,
        path
    from core.articles
    where provider_id is not null and calendar_date is not null
),

first_providers as (
    select
        dated.cluster_id,
        dated.provider_id as first_provider_id
    from dated
    anti join shared on shared.cluster_id = dated.cluster_id
    union all
    (
        select
            dated.cluster_id,
            dated.provider_id as first_provider_id
        from dated
        semi join shared on shared.cluster_id = dated.cluster_id
        qualify row_number() over (partition by dated.cluster_id order by dated.published_at, dated.path) = 1
    )
),

members as (
    select
        cluster_id,
        count(*) as article_count,
        count(*) filter (where is_published) as published_article_count,
        count(*) filter (where is_suppressed) as suppressed_article_count,
        count(distinct provider_id) as provider_count,
        min(published_at) filter (where calendar_date is not null) as first_published_at,
        max(published_at) filter (where calendar_date is not null) as last_published_at,
        max(heat) as max_heat
    from core.articles
    group by cluster_id
)

select
    members.cluster_id,
    heads.head_document_id,
    heads.title,
    members.article_count,
    members.published_article_count,
    members.suppressed_article_count,
    members.provider_count,
    coalesce(topics.topic_count, 0) as topic_count,
    members.first_published_at,
    members.last_published_at,
    date_diff('second', members.first_published_at, members.last_published_at) / 3600 as span_hours,
    first_providers.first_provider_id,
    members.max_heat
from members
inner join heads on heads.cluster_id = members.cluster_id
left join topics on topics.cluster_id = members.cluster_id
left join first_providers on first_providers.cluster_id = members.cluster_id
