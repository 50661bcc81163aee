-- The titles of articles without the name of the site behind them, and a key that near-identical titles
-- share.
--
-- Grain: an article with a title.
-- Key: document_id
-- References: document_id in core.articles
-- Columns:
--   document_id
--   bare_title: The title; its last part, behind the last of the separators - | – — · • » :: // that has
--     white space (\s) on both sides, is left out if it is the name of a site: of at most 40 characters,
--     behind at least 8 others, and either a domain, such as `example.com`, or equal to the name of any
--     provider of core.provider_names, its domain, or the first label of its domain, compared in lower case
--     without what is no letter, mark or digit. A title of more than 1,000 characters stays whole.
--   title_key?: The bare_title folded for comparison by the function title_key; NULL if it is empty.
with articles as (
    select
        documents.document_id,
        coalesce(documents.title, if(documents.kind = 'event', documents.name, null)) as title
    from staging.documents as documents
    inner join core.translations as translations on translations.document_id = documents.document_id
    where translations.is_article
),

titles as (
    select
        document_id,
        title,
        if(
            length(title) <= 1000 and regexp_matches(title, '\s(?:[-|–—·•»]|::|//)\s'),
            regexp_extract(
                title, '^(.*\S)\s+(?:[-|–—·•»]|::|//)\s+(\S(?:.{0,38}\S)?)\s*$', ['head', 'tail']
            ),
            null
        ) as parts
    from articles
    where title is not null
),

names as (
    select distinct unnest([provider_name, provider_domain, split_part(provider_domain, '.', 1)]) as name
    from core.provider_names
),

sites as (
    select distinct regexp_replace(lower(name), '[^\p{L}\p{M}\p{N}]+', '', 'g') as site
    from names
),

tails as (
    select
        document_id,
        title,
        parts.head as head,
        parts.tail as tail,
        regexp_replace(lower(parts.tail), '[^\p{L}\p{M}\p{N}]+', '', 'g') as site
    from titles
),

bare as (
    select
        tails.document_id,
        if(
            length(tails.head) >= 8
            and (
                sites.site is not null
                or regexp_full_match(tails.tail, '(?i)(?:[a-z0-9-]+\.)+[a-z]{2,12}')
            ),
            tails.head,
            tails.title
        ) as bare_title
    from tails
    left join sites on sites.site = nullif(tails.site, '')
)

select
    document_id,
    bare_title,
    nullif(title_key(bare_title), '') as title_key
from bare
