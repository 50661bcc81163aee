-- Translations of one text: each document that is coverage, its language, and the group of documents that
-- it is one of. One document of a group is the article that the marts count.
--
-- With the preset `smartable` each document is a group of its own. With the preset `generic` documents are
-- one group that have the same path but for the language in it, or the same value under a key for it
-- (`ref`, `translationKey`, `translation_id`, `lang-ref`); and documents without such a path or key that
-- state different languages and have the same slug and date. No group has two documents in one language:
-- those that would are groups of their own.
--
-- Grain: a document that is coverage.
-- Key: document_id
-- References: article_document_id in core.articles
-- Columns:
--   document_id: The document.
--   translation_group_id: The group: 16 hex digits, made from what its documents share, so that it stays when
--     a translation is added; the document_id with the preset `smartable`.
--   article_document_id: The document of the group that is the article in core.articles: the first by having
--     no language in its path, by the number of documents in its language, and by path.
--   is_article: Whether the document is the article of its group.
--   language?: Language as the document states it, otherwise that in its path, as in pt-BR; NULL if neither
--     is given.
--   path: Path of the file relative to the source.
with posts as (
    select
        documents.document_id,
        documents.path,
        coalesce(language_tag(documents.language), paths.path_language) as language,
        paths.path_language is not null as has_path_language,
        paths.language_free_path,
        documents.language is not null as is_stated,
        documents.published_date,
        coalesce(
            nullif(trim(documents.slug), ''),
            nullif(
                regexp_replace(
                    regexp_extract(paths.language_free_path, '([^/]+?)(/_?index)?$', 1),
                    '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}-',
                    ''
                ),
                'index'
            )
        ) as slug,
        nullif(
            trim(
                coalesce(
                    documents.extra ->> '$.translationKey',
                    documents.extra ->> '$.translation_key',
                    documents.extra ->> '$.translationkey',
                    documents.extra ->> '$.translation_id',
                    documents.extra ->> '$.translationId',
                    documents.extra ->> '$."lang-ref"',
                    documents.extra ->> '$.lang_ref',
                    documents.extra ->> '$.ref'
                )
            ),
            ''
        ) as reference
    from core.path_languages as paths
    inner join staging.documents as documents on documents.document_id = paths.document_id
),

same_paths as (
    select
        language_free_path,
        count(*) = count(distinct coalesce(language, '(none)')) as is_group,
        if(count(distinct reference) = 1, min(reference), null) as reference
    from posts
    group by language_free_path
),

by_path as (
    select
        posts.document_id,
        posts.language,
        posts.is_stated,
        posts.published_date,
        posts.slug,
        if(
            same_paths.is_group, 'path:' || posts.language_free_path, 'document:' || posts.document_id
        ) as group_key,
        if(same_paths.is_group, same_paths.reference, posts.reference) as reference
    from posts
    inner join same_paths on same_paths.language_free_path = posts.language_free_path
),

valid_references as (
    select reference
    from by_path
    where reference is not null
    group by reference
    having count(*) = count(distinct coalesce(language, '(none)'))
),

by_reference as (
    select
        by_path.document_id,
        by_path.language,
        by_path.slug,
        by_path.published_date,
        coalesce('reference:' || valid_references.reference, by_path.group_key) as group_key,
        by_path.is_stated
        and valid_references.reference is null
        and count(*) over (partition by by_path.group_key) = 1 as is_alone
    from by_path
    left join valid_references on valid_references.reference = by_path.reference
),

same_slugs as (
    select
        slug,
        published_date,
        min(group_key) as group_key
    from by_reference
    where is_alone
    group by slug, published_date
    having count(*) > 1 and count(*) = count(distinct language)
),

keyed as (
    select
        by_reference.document_id,
        md5(coalesce(same_slugs.group_key, by_reference.group_key))[:16] as translation_group_id
    from by_reference
    left join same_slugs
        on by_reference.is_alone
        and same_slugs.slug = by_reference.slug
        and same_slugs.published_date = by_reference.published_date
),

languages as (
    select
        language,
        count(*) as document_count
    from posts
    group by language
),

articles as (
    select
        keyed.translation_group_id,
        posts.document_id
    from keyed
    inner join posts on posts.document_id = keyed.document_id
    inner join languages on languages.language is not distinct from posts.language
    qualify row_number() over (
        partition by keyed.translation_group_id
        order by posts.has_path_language, languages.document_count desc, posts.path
    ) = 1
)

select
    documents.document_id,
    coalesce(keyed.translation_group_id, documents.document_id) as translation_group_id,
    coalesce(articles.document_id, documents.document_id) as article_document_id,
    article_document_id = documents.document_id as is_article,
    posts.language,
    documents.path
from staging.documents as documents
left join keyed on keyed.document_id = documents.document_id
left join articles on articles.translation_group_id = keyed.translation_group_id
left join posts on posts.document_id = documents.document_id
where documents.is_coverage
