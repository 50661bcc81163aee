-- Each group of translations must have one article, and each language once.
--
-- Severity: error
select
    translation_group_id,
    count(*) as document_count,
    count(*) filter (where is_article) as article_count,
    count(distinct coalesce(language, '(none)')) as language_count
from core.translations
group by translation_group_id
having article_count <> 1
    or count(distinct article_document_id) <> 1
    or bool_or(is_article <> (document_id = article_document_id))
    or language_count <> document_count
