-- News articles that are copies: of what another organisation published first, or of a wire.
--
-- Titles are equal if they have the same title_key in core.article_titles. A key of fewer than 25 characters
-- (those of Han, Hiragana, Katakana and Hangul count twice) or of fewer than 4 words (in scripts with words)
-- is compared with nothing: 'Weekly roundup' is no copy.
--
-- Articles with equal titles, by published_at and path, are a series as long as each comes within 7 days (168
-- hours) of the one before it. An article repeats another if another organisation has an earlier one in that
-- order with an equal title, published at most 7 days before, unless the first of the series is of its own
-- organisation, or on a platform under its own name: 'GamesRadar on MSN' is not what gamesradar.com copies.
-- Videos, and articles without an organisation or a calendar_date, repeat none, and none repeats them.
--
-- A wire is known by canonical_url: its registered domain is that of a wire of press releases, whose texts
-- are their clients' (accesswire.com, businesswire.com, einnews.com, einpresswire.com, globenewswire.com,
-- marketwired.com, newswire.ca, newswire.com, prlog.org, prnewswire.co.uk, prnewswire.com, prweb.com,
-- webwire.com), or its path, in lower case, has a folder that is one of accesswire, afp, ap, ap-news,
-- associated-press, business-wire, globe-newswire, newswire, newswires, pr-newswire, reuters, wire and wires,
-- with or without the hyphen. The agencies' own sites (afp.com, ap.org, apnews.com, reuters.com) are no wire.
--
-- Grain: a news article.
-- Key: document_id
-- Columns:
--   document_id
--   title_key?: The key of the title in core.article_titles; NULL if it is too short to be compared, or
--     absent.
--   earlier_document_id?: The latest earlier article of another organisation with an equal title, at most 7
--     days before; NULL if there is none.
--   is_repeat: Whether the article repeats that of another organisation.
--   is_wire: Whether canonical_url is that of a wire.
--   is_syndicated: Whether the article is a copy: is_repeat or is_wire.
with news as (
    select
        documents.document_id,
        documents.path,
        documents.published_at,
        documents.calendar_date is not null and not documents.is_video as is_comparable,
        organisations.organisation_id,
        organisations.name_key,
        organisations.is_platform,
        titles.title_key as title,
        regexp_extract(lower(documents.canonical_url), '^[^?#]+') as url,
        registered_domain(regexp_extract(url, '^[a-z]+://([^/:]+)', 1)) as url_domain
    from staging.documents as documents
    inner join core.translations as translations on translations.document_id = documents.document_id
    left join core.article_titles as titles on titles.document_id = documents.document_id
    left join core.provider_organisations as organisations
        on organisations.provider_id = documents.provider_id
    where translations.is_article and documents.kind = 'news'
),

keyed as materialized (
    select
        document_id,
        path,
        published_at,
        is_comparable,
        organisation_id,
        name_key,
        is_platform,
        case
            when strlen(title) = length(title)
                then if(length(title) >= 25 and title like '% % % %', title, null)
            when
                length(title) + length(
                    regexp_replace(title, '[^\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]', '', 'g')
                ) >= 25
                and (
                    title like '% % % %'
                    or regexp_matches(title, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]')
                )
                then title
        end as title_key,
        case
            when url_domain in (
                'accesswire.com', 'businesswire.com', 'einnews.com', 'einpresswire.com', 'globenewswire.com',
                'marketwired.com', 'newswire.ca', 'newswire.com', 'prlog.org', 'prnewswire.co.uk',
                'prnewswire.com', 'prweb.com', 'webwire.com'
            ) then true
            when url_domain in ('afp.com', 'ap.org', 'apnews.com', 'reuters.com') then false
            when contains(url, 'wire') or contains(url, '/ap') or contains(url, 'press/')
                or contains(url, '/reuters/') or contains(url, '/afp/')
                then regexp_matches(
                    url,
                    '/(afp|ap|ap-?news|accesswire|associated-?press|business-?wire|globe-?newswire|newswires?'
                    || '|pr-?newswire|reuters|wires?)/'
                )
            else false
        end as is_wire
    from news
),

repeated_titles as (
    select title_key
    from keyed
    where title_key is not null and organisation_id is not null and is_comparable
    group by title_key
    having count(distinct organisation_id) >= 2
),

ordered as (
    select
        keyed.document_id,
        keyed.title_key,
        keyed.published_at,
        keyed.organisation_id,
        keyed.name_key,
        if(keyed.is_platform, keyed.name_key, null) as platform_name_key,
        row_number() over same_title as place,
        coalesce(
            keyed.published_at - lag(keyed.published_at) over same_title > interval 168 hours, true
        ) as is_start,
        keyed.organisation_id is distinct from lag(keyed.organisation_id) over same_title as is_change
    from keyed
    inner join repeated_titles on repeated_titles.title_key = keyed.title_key
    where keyed.organisation_id is not null and keyed.is_comparable
    window same_title as (partition by keyed.title_key order by keyed.published_at, keyed.path)
),

numbered as (
    select
        document_id,
        title_key,
        published_at,
        organisation_id,
        name_key,
        platform_name_key,
        place,
        count(*) filter (where is_start) over same_title as series,
        max(place) filter (where is_change) over same_title as turn
    from ordered
    window same_title as (partition by title_key order by place)
),

-- An article follows the last one before the turn at which its organisation took over.
repeats as (
    select
        numbered.document_id,
        earlier.document_id as earlier_document_id,
        first_value(numbered.organisation_id) over series <> numbered.organisation_id
        and first_value(numbered.platform_name_key) over series is distinct from numbered.name_key
            as is_repeat
    from numbered
    left join numbered as earlier
        on earlier.title_key = numbered.title_key
        and earlier.place = numbered.turn - 1
        and earlier.published_at >= numbered.published_at - interval 168 hours
    window series as (partition by numbered.title_key, numbered.series order by numbered.place)
)

select
    keyed.document_id,
    keyed.title_key,
    repeats.earlier_document_id,
    coalesce(repeats.earlier_document_id is not null and repeats.is_repeat, false) as is_repeat,
    keyed.is_wire,
    keyed.is_wire or coalesce(repeats.earlier_document_id is not null and repeats.is_repeat, false)
        as is_syndicated
from keyed
left join repeats on repeats.document_id = keyed.document_id
