-- Keys in the files by document type, and the kinds of values under them.
--
-- The next build compares its profile with this one, see marts.drift. A value that a typed column takes has
-- the kind of that column; any other single value is classified by its text.
--
-- Grain: a document type, a key, and a kind of value or one of two sums of kinds.
-- Key: document_type, key, value_kind
-- Columns:
--   document_type: Kind of document as written; `(none)` for documents without a type.
--   key: The key as files write it, below its parents, such as provider.name or images[].url.
--   value_kind: Kind of value: number, date, flag, url, text, list, mapping, empty, null or refused; `any` is
--     the sum of all kinds, `value` of all but empty and null.
--   document_count: Documents of the type with such a value under the key. A document with several kinds
--     counts under each; one with an accepted and a refused value counts twice under `any` and `value`.
with written as (
    select
        cast(null as varchar) as document_id,
        document_type,
        source_field as key,
        cast(null as varchar) as structure,
        value
    from staging.field_values
    where kind in ('text', 'prose', 'url')
    union all
    select
        document_id,
        coalesce(type, '(none)') as document_type,
        key,
        structure,
        value
    from staging.extra_values
    where structure is null
        or structure in ('empty', 'null')
        or key not in (select key from staging.container_keys)
),

kinds as not materialized (
    select
        document_id,
        document_type,
        key,
        case
            when structure is not null then structure
            when value < '!' and trim(value) = '' then 'empty'
            when value < ':' and regexp_full_match(value, '[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?')
                then 'number'
            when value < ':' and regexp_full_match(
                value,
                '([0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4})'
                || '([T: ][0-9][0-9:.Z +-]*)?'
            ) then 'date'
            when strlen(value) <= 5 and lower(value) in ('true', 'false', 'yes', 'no') then 'flag'
            when starts_with(value, 'http') and regexp_matches(value, '^https?://') then 'url'
            else 'text'
        end as value_kind
    from written
),

single_values as (
    select
        document_type,
        key,
        value_kind,
        count(*) as document_count
    from kinds
    where document_id is null
    group by document_type, key, value_kind
    union all
    select
        document_type,
        key,
        value_kind,
        document_count
    from drift.typed_keys
),

several_values as (
    select distinct
        document_id,
        document_type,
        key,
        value_kind
    from kinds
    where document_id is not null
    union
    select
        document_id,
        document_type,
        key,
        value_kind
    from staging.source_keys
    union
    select
        issues.document_id,
        coalesce(documents.type, '(none)') as document_type,
        regexp_replace(regexp_replace(issues.field, '\[[0-9]+\]', '[]', 'g'), '(\[\])+$', '') as key,
        'refused' as value_kind
    from staging.field_issues as issues
    inner join staging.documents as documents on documents.document_id = issues.document_id
),

per_document as (
    select
        document_id,
        document_type,
        key,
        bool_or(value_kind not in ('empty', 'null')) as has_value
    from several_values
    group by document_id, document_type, key
),

counts as (
    select
        document_type,
        key,
        unnest(
            if(value_kind in ('empty', 'null'), [value_kind, 'any'], [value_kind, 'any', 'value'])
        ) as value_kind,
        document_count
    from single_values
    union all
    select
        document_type,
        key,
        value_kind,
        count(*) as document_count
    from several_values
    group by document_type, key, value_kind
    union all
    select
        document_type,
        key,
        unnest(if(has_value, ['any', 'value'], ['any'])) as value_kind,
        count(*) as document_count
    from per_document
    group by document_type, key, has_value
)

select
    document_type,
    key,
    value_kind,
    cast(sum(document_count) as bigint) as document_count
from counts
group by document_type, key, value_kind
