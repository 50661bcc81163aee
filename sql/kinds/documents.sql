-- The kind of article that each document is, or would be if it were coverage; the rule is the sentence of
-- tidy.article_kinds.kind (frontmart/catalog/inputs.py).
--
-- Grain: a file with front matter.
-- Key: document_id
-- Columns:
--   document_id
--   kind
with words as (
    -- Each once: there are few types, categories and folders, and a name takes long to look up.
    select type as word
    from tidy.documents
    union
    select category as word
    from tidy.documents
),

word_signs as (
    select
        word,
        kind_sign(word) as sign
    from words
    where word is not null
),

places as (
    select
        document_id,
        regexp_replace(path, '(?i)(([^/]*/)?(index|readme)\.[^/]*|[^/]*)$', '') as place
    from tidy.documents
),

place_names as (
    select
        place,
        list_filter(
            list_transform(string_split(place, '/'), lambda folder: kind_sign(folder)),
            lambda sign: sign is not null
        ) as signs
    from places
    group by place
),

place_signs as (
    select
        places.document_id,
        case when list_contains(place_names.signs, 'news') then 'news' else place_names.signs[-1] end as sign
    from places
    inner join place_names on place_names.place = places.place
)

select
    documents.document_id,
    coalesce(
        types.sign,
        case when categories.sign = 'news' then 'news' end,
        place_signs.sign,
        categories.sign,
        case
            when documents.published_at is null then 'other'
            when build.preset = 'generic' or lower(documents.type) = 'article' then 'news'
        end,
        'other'
    ) as kind
from tidy.documents as documents
cross join tidy.build as build
inner join place_signs on place_signs.document_id = documents.document_id
left join word_signs as types on types.word = documents.type
left join word_signs as categories
    on categories.word = documents.category and build.preset = 'smartable'
order by documents.document_id
