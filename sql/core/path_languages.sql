-- The language in the path of each post, and the path without it, which translations of one text share.
--
-- A folder may name a language (fr/, pt-br/, i18n/zh_CN/), and so may the end of the name (post.fr.md). A
-- folder it/ or no/ may also be a subject. So the codes at one place, which is the end of names or the
-- folders below one folder, are languages only if one of these is true: at least half of the documents
-- with a code have a key that states the same language; a document has the same path with another code or
-- none, where the code is no common abbreviation or half of its documents have one; two codes are there
-- that are no common abbreviations. Folders next to which others with two letters are no languages, as for
-- countries, need a key or a folder en/. The end of a name after `-` or `_` (post-fr.md) is a language if
-- a key states the same.
--
-- Grain: a document that is coverage, with the preset `generic`; no rows with the preset `smartable`.
-- Key: document_id
-- Columns:
--   document_id: The document.
--   path_language?: The language in its path; NULL if there is none.
--   language_free_path: The path without the language and the extension; the folders that Docusaurus has for
--     translations are those of the originals.
with written as (
    select
        documents.document_id,
        documents.language,
        regexp_replace(regexp_replace(documents.path, '^\./', ''), '\.[^./]+$', '') as stem
    from staging.documents as documents
    cross join staging.build as build
    where documents.is_coverage and build.preset = 'generic'
),

folders as (
    select
        document_id,
        language,
        string_split(stem, '/') as parts,
        unnest(range(1, len(parts))) as number
    from written
),

endings as (
    select
        document_id,
        language,
        stem,
        regexp_extract(
            stem, '(?i)[^/][-._]([a-z]{2}([-_]([a-z]{2}|hans|hant|latn|cyrl|arab|[0-9]{3}))?)$', 1
        ) as code,
        left(stem, len(stem) - len(code) - 1) as rest
    from written
),

found as (
    select
        document_id,
        language,
        'folder' as place,
        array_to_string(parts[:number - 1], '/') as parent,
        language_tag(parts[number]) as code,
        case
            when parts[number - 1] in ('i18n', 'locales', 'translations')
                then array_to_string(
                    parts[:number - 2]
                    || [regexp_replace(parts[number + 1], '^docusaurus-plugin-content-blog(-.*)?$', 'blog')]
                    || parts[number + 2:],
                    '/'
                )
            else array_to_string(parts[:number - 1] || parts[number + 1:], '/')
        end as rest
    from folders
    where regexp_full_match(parts[number], '(?i)[a-z]{2}([-_]([a-z]{2}|hans|hant|latn|cyrl|arab|[0-9]{3}))?')
    union all
    select
        document_id,
        language,
        if(stem[len(rest) + 1] = '.', 'suffix', 'key') as place,
        '' as parent,
        language_tag(code) as code,
        rest
    from endings
    where code <> ''
),

-- Documents without a code, under their whole path, make those with one translations.
twins as (
    select
        place,
        parent,
        rest,
        count(distinct code) as code_count
    from found
    group by place, parent, rest
),

candidates as (
    select
        found.document_id,
        found.place,
        found.parent,
        found.code,
        found.rest,
        left(found.code, 2) as main_code,
        coalesce(starts_with(lower(found.language), main_code), false) as is_stated,
        twins.code_count > 1 or originals.stem is not null as has_twin
    from found
    inner join twins
        on twins.place = found.place and twins.parent = found.parent and twins.rest = found.rest
    left join (select distinct stem from written) as originals on originals.stem = found.rest
),

codes as (
    select
        place,
        parent,
        code,
        main_code,
        -- ISO 639-1.
        list_contains(
            string_split(
                'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu '
                || 'cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi '
                || 'ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks '
                || 'ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl '
                || 'nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl '
                || 'sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve '
                || 'vi vo wa wo xh yi yo za zh zu',
                ' '
            ),
            main_code
        ) as is_language,
        -- Languages of many sites whose codes are no common abbreviations, unlike it, no, cs, hr and ml.
        list_contains(
            string_split(
                'ar bg bn ca da de el en es et eu fa fi fr gl he hu ja ko lt lv nb nl nn pl pt ro ru sk '
                || 'sl sr sv th tr uk ur vi zh',
                ' '
            ),
            main_code
        ) as is_clear,
        count(*) as document_count,
        count(*) filter (where is_stated) as stated_count,
        count(*) filter (where has_twin) as twin_count
    from candidates
    where place <> 'key' or is_stated
    group by place, parent, code, main_code
),

places as (
    select
        place,
        parent
    from codes
    group by place, parent
    having bool_or(is_language and stated_count * 2 >= document_count)
        or (
            (bool_and(is_language or place = 'suffix') or bool_or(main_code = 'en'))
            and (
                bool_or(is_language and twin_count * 2 >= document_count)
                or bool_or(is_clear and twin_count > 0)
                or count(*) filter (where is_clear) >= 2
            )
        )
),

-- The end of the name comes before folders, and a folder before those below it.
chosen as (
    select
        candidates.document_id,
        candidates.code,
        candidates.rest
    from candidates
    inner join places on places.place = candidates.place and places.parent = candidates.parent
    inner join codes
        on codes.place = candidates.place
        and codes.parent = candidates.parent
        and codes.code = candidates.code
    where codes.is_language and (candidates.place <> 'key' or candidates.is_stated)
    qualify row_number() over (
        partition by candidates.document_id
        order by candidates.place = 'folder', len(candidates.parent), candidates.parent
    ) = 1
)

select
    written.document_id,
    chosen.code as path_language,
    coalesce(chosen.rest, written.stem) as language_free_path
from written
left join chosen on chosen.document_id = written.document_id
