-- The kind of article that each document is, or would be if it were coverage.
--
-- Grain: a file with front matter.
-- Key: document_id
-- Columns:
--   document_id
--   kind: Kind of article: news, learning, event, download, newsletter or other. The first of these that
--     `kind_sign` knows decides: the type; news, if the category or a folder of the path is; the deepest
--     folder; the category. The category counts with the preset `smartable` alone, and the folder of a file
--     called `index` or `readme` does not count, since it has the name of the document. If none is known, a
--     document with a published_at is news if its preset is `generic` or its type is article, in any case;
--     all others are other. An event is something to attend, such as a webinar, not what core.events has.
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
