"""The queries behind proposals: pairs of organisations or of topics, one of which may be an alias of the other."""

from typing import Final

# Names of fewer characters are near to too many others.
_NEAR: Final = (
    "length(a.name_key) >= 6 and abs(length(a.name_key) - length(b.name_key)) <= 2 "
    "and damerau_levenshtein(a.name_key, b.name_key) "
    "<= if(least(length(a.name_key), length(b.name_key)) >= 10, 2, 1)"
)

# A pair is found by equal keys, equal sorted words, or near names with an equal beginning or end; digits must agree, so
# that 'Diablo 3' and 'Diablo 4' stay apart. The target is the one that is on no platform; else the one with more
# articles, then the first by id.
#
# `sizes` (id, name, articles, is_platform) are the things to merge, `named` (id, name_key, words_key, digits) their
# names; `examples` (id, title) has a title of each; what two have in common is counted in `places` (id, place), the
# events or articles that they are on, and `writers` (id, author_id).
_PROPOSALS: Final = f"""
candidates as (
    select least(a.id, b.id) as id_a, greatest(a.id, b.id) as id_b, 'same name' as reason
    from named as a inner join named as b on b.name_key = a.name_key and a.id < b.id
    union all
    select least(a.id, b.id), greatest(a.id, b.id), 'same words'
    from named as a inner join named as b on b.words_key = a.words_key and a.id < b.id
    union all
    select least(a.id, b.id), greatest(a.id, b.id), 'plural'
    from named as a inner join named as b on b.name_key = a.name_key || 's' and a.id <> b.id
    where length(a.name_key) >= 3
    union all
    select least(a.id, b.id), greatest(a.id, b.id), 'near name'
    from named as a inner join named as b on left(b.name_key, 4) = left(a.name_key, 4) and a.id < b.id
    where {_NEAR} and a.digits = b.digits
    union all
    select least(a.id, b.id), greatest(a.id, b.id), 'near name'
    from named as a inner join named as b on right(b.name_key, 4) = right(a.name_key, 4) and a.id < b.id
    where {_NEAR} and a.digits = b.digits
),

ranked as (
    select id_a, id_b, first(reason order by case reason
        when 'same name' then 1 when 'same words' then 2 when 'plural' then 3 else 4 end) as reason
    from candidates
    group by id_a, id_b
),

pairs as (
    select
        ranked.reason,
        if((not a.is_platform, a.articles, 1) > (not b.is_platform, b.articles, 0), b.id, a.id) as alias,
        if(alias = b.id, a.id, b.id) as target
    from ranked
    inner join sizes as a on a.id = ranked.id_a
    inner join sizes as b on b.id = ranked.id_b
),

things as (
    select id, 'place' as kind, place as thing
    from places
    union all
    select id, 'writer' as kind, author_id as thing
    from writers
),

in_common as (
    select
        pairs.alias,
        pairs.target,
        count(*) filter (where a.kind = 'place') as shared,
        count(*) filter (where a.kind = 'writer') as same_authors
    from pairs
    inner join things as a on a.id = pairs.alias
    inner join things as b on b.id = pairs.target and b.kind = a.kind and b.thing = a.thing
    group by pairs.alias, pairs.target
)

select
    pairs.alias,
    pairs.target,
    pairs.reason,
    a.name as alias_name,
    b.name as target_name,
    a.articles as alias_articles,
    b.articles as articles,
    coalesce(in_common.shared, 0) as shared,
    coalesce(in_common.same_authors, 0) as same_authors,
    examples_a.title as alias_title,
    examples_b.title as target_title
from pairs
inner join sizes as a on a.id = pairs.alias
inner join sizes as b on b.id = pairs.target
left join examples as examples_a on examples_a.id = pairs.alias
left join examples as examples_b on examples_b.id = pairs.target
left join in_common on in_common.alias = pairs.alias and in_common.target = pairs.target
"""

ORGANISATIONS: Final = f"""
with sizes as (
    select organisation_id as id, organisation_name as name, article_count as articles, is_platform
    from core.dim_organisations
),

named as (
    select distinct
        organisation_id as id,
        name_key,
        list_aggregate(list_sort(string_split(folded_name(provider_name), ' ')), 'string_agg', ' ') as words_key,
        regexp_replace(name_key, '[^0-9]+', ' ', 'g') as digits
    from core.provider_organisations
    where name_key is not null
),

examples as (
    select organisation_id as id, min(title) as title
    from core.articles
    where organisation_id is not null
    group by organisation_id
),

places as (
    select organisation_id as id, event_id as place
    from core.event_organisations
),

writers as (
    select distinct articles.organisation_id as id, links.author_id
    from core.article_authors as links
    inner join core.articles as articles on articles.document_id = links.document_id
    where articles.organisation_id is not null
),

{_PROPOSALS}"""

TOPICS: Final = f"""
with sizes as (
    select topic_id as id, topic as name, article_count as articles, false as is_platform
    from core.dim_topics
),

named as (
    select
        topic_id as id,
        regexp_replace(lower(strip_accents(topic)), '[^\\p{{L}}\\p{{N}}+#]+', '', 'g') as name_key,
        list_aggregate(
            list_sort(
                string_split(trim(regexp_replace(lower(strip_accents(topic)), '[^\\p{{L}}\\p{{N}}+#]+', ' ', 'g')), ' ')
            ),
            'string_agg',
            ' '
        ) as words_key,
        regexp_replace(topic, '[^0-9]+', ' ', 'g') as digits
    from core.dim_topics
),

examples as (
    select links.topic_id as id, min(articles.title) as title
    from core.article_topics as links
    inner join core.articles as articles on articles.document_id = links.document_id
    group by links.topic_id
),

places as (
    select topic_id as id, document_id as place
    from core.article_topics
),

-- Whoever writes about one topic writes about others: that authors agree says nothing.
writers as (
    select null as id, null as author_id
    where false
),

{_PROPOSALS}"""
