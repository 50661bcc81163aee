-- Articles by language, and the articles of the main language that are not translated into it.
--
-- The texts that lack a translation are the translation_group_id of core.translations that no document of the
-- language has. With the preset `smartable`, files state no language, and the mart has no rows.
--
-- Grain: a language, `(none)` for documents without one.
-- Key: language
-- Order: article_count desc
-- Columns:
--   language: Language as in pt-BR, or `(none)`.
--   is_main_language: Whether the most articles exist in the language; ties go to the first alphabetically,
--     `(none)` being the last.
--   article_count: Articles that exist in the language, as the article itself or as a translation.
--   news_article_count: Of these articles, those of kind news.
--   event_count: Distinct events of these articles; an event is counted once however many report it. Articles
--     that are no news or have no date are in none.
--   translated_article_count: Of these articles, those that exist in another language, too.
--   translated_share: Share (0..1) of these articles that exist in another language, too.
--   missing_article_count: Articles that exist in the main language, but not in this one.
--   main_language_share: Share (0..1) of the articles of the main language that exist in this one.
--   first_published_date?: Earliest calendar_date of the documents in the language; NULL if none has one.
--   last_published_date?: Latest calendar_date of the documents in the language; NULL if none has one.
with texts as (
    select
        translations.document_id,
        translations.article_document_id,
        translations.translation_group_id,
        coalesce(translations.language, '(none)') as language,
        count(*) over (partition by translations.translation_group_id) > 1 as is_translated
    from core.translations as translations
    cross join staging.build as build
    where build.preset = 'generic'
),

languages as (
    select
        texts.language,
        count(*) as article_count,
        count(*) filter (where articles.is_news) as news_article_count,
        count(distinct articles.event_id) as event_count,
        count(*) filter (where texts.is_translated) as translated_article_count,
        min(documents.calendar_date) as first_published_date,
        max(documents.calendar_date) as last_published_date
    from texts
    inner join staging.documents as documents on documents.document_id = texts.document_id
    inner join core.articles as articles on articles.document_id = texts.article_document_id
    group by texts.language
),

main as (
    select
        language,
        article_count
    from languages
    order by article_count desc, language = '(none)', language
    limit 1
),

shared as (
    select
        texts.language,
        count(*) as article_count
    from texts
    inner join texts as originals on originals.translation_group_id = texts.translation_group_id
    inner join main on main.language = originals.language
    group by texts.language
)

select
    languages.language,
    languages.language = main.language as is_main_language,
    languages.article_count,
    languages.news_article_count,
    languages.event_count,
    languages.translated_article_count,
    languages.translated_article_count / languages.article_count as translated_share,
    main.article_count - coalesce(shared.article_count, 0) as missing_article_count,
    coalesce(shared.article_count, 0) / main.article_count as main_language_share,
    languages.first_published_date,
    languages.last_published_date
from languages
cross join main
left join shared on shared.language = languages.language
