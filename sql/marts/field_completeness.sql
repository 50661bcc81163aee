-- Which fields the files fill in, by type of document, and how the ones that are not filled in are missing.
--
-- Absent, null, empty and refused are four states, and a document is in one of them or has the field: the
-- five counts add up to document_count. All documents count here, people, communities and organisations
-- included.
--
-- Grain: a type of document and a field; `(none)` stands for documents without a type.
-- Key: type, field
-- Columns:
--   type: Kind of document as written, or `(none)`.
--   field: The field as a column of the documents table is called, or the table below it, such as images.
--   source_field: The field as the files call it.
--   document_count: Documents of the type.
--   present_count: Documents with a value in the field. A heat of -1 is a value; so is a list of at least one
--     item.
--   empty_count: Documents where the field is an empty text, list or mapping.
--   refused_count: Documents where every value of the field was refused; see field_issues.
--   null_count: Documents where the field is written and null, as in `heat:` with nothing behind it.
--   absent_count: Documents where the field is not written at all.
--   present_share: Share (0..1) of the documents with a value in the field.
with fields(field, source_field) as (
    values
        ('title', 'title'),
        ('name', 'name'),
        ('excerpt', 'excerpt'),
        ('category', 'category'),
        ('type', 'type'),
        ('published_at', 'publishedDateTime'),
        ('updated_at', 'updatedDateTime'),
        ('original_url', 'originalUrl'),
        ('web_url', 'webUrl'),
        ('amp_url', 'ampWebUrl'),
        ('quality', 'quality'),
        ('heat', 'heat'),
        ('is_published', 'published'),
        ('is_removed', 'removed'),
        ('price', 'price'),
        ('duration_seconds', 'length'),
        ('rating_count', 'ratings.count'),
        ('rating_average', 'ratings.average'),
        ('member_count', 'members'),
        ('locale', 'locale'),
        ('provider_name', 'provider.name'),
        ('provider_domain', 'provider.domain'),
        ('has_secured', 'secured'),
        ('topics', 'topics'),
        ('images', 'images'),
        ('related', 'related')
),

lists as (
    select distinct
        document_id,
        'topics' as field
    from staging.document_topics
    union all
    select distinct
        document_id,
        'images' as field
    from staging.document_images
    union all
    select distinct
        document_id,
        'related' as field
    from staging.related_items
),

texts as (
    select
        document_id,
        title,
        name,
        excerpt,
        category,
        type,
        cast(published_at as varchar) as published_at,
        cast(updated_at as varchar) as updated_at,
        original_url,
        web_url,
        amp_url,
        cast(quality as varchar) as quality,
        case when is_suppressed then '-1' else cast(heat as varchar) end as heat,
        cast(is_published as varchar) as is_published,
        cast(is_removed as varchar) as is_removed,
        price,
        cast(duration_seconds as varchar) as duration_seconds,
        cast(rating_count as varchar) as rating_count,
        cast(rating_average as varchar) as rating_average,
        cast(member_count as varchar) as member_count,
        locale,
        provider_name,
        provider_domain,
        case when has_secured then 'true' end as has_secured
    from staging.documents
),

written as (
    select
        document_id,
        field,
        if(value = '', 'empty', 'present') as state
    from texts
    unpivot (
        value for field in (
            title, name, excerpt, category, type, published_at, updated_at, original_url, web_url,
            amp_url, quality, heat, is_published, is_removed, price, duration_seconds,
            rating_count, rating_average, member_count, locale, provider_name, provider_domain,
            has_secured
        )
    )
    union all
    select
        document_id,
        field,
        'present' as state
    from lists
),

-- Maps, not json_each, which copies the whole of `extra` for every key in it.
entries as (
    select
        document_id,
        unnest(map_entries(from_json(extra, '"MAP(VARCHAR, JSON)"'))) as entry
    from staging.documents
    where extra is not null
),

leftovers as (
    select
        document_id,
        entry.key as source_field,
        entry.value as value
    from entries
),

inner_entries as (
    select
        document_id,
        source_field,
        unnest(map_entries(from_json(value, '"MAP(VARCHAR, JSON)"'))) as entry
    from leftovers
    where source_field in ('provider', 'ratings') and json_type(value) = 'OBJECT'
),

inner_leftovers as (
    select
        document_id,
        source_field || '.' || entry.key as source_field,
        entry.value as value
    from inner_entries
),

missing as (
    select
        document_id,
        source_field,
        if(value is null, 'null', 'empty') as state
    from leftovers
    where value is null or cast(value as varchar) in ('""', '[]', '{}')
    union all
    select
        document_id,
        source_field,
        if(value is null, 'null', 'empty') as state
    from inner_leftovers
    where value is null or cast(value as varchar) in ('""', '[]', '{}')
    union all
    select
        document_id,
        source_field,
        'refused' as state
    from staging.field_issues
),

unwritten as (
    select
        missing.document_id,
        fields.field,
        max(missing.state) as state
    from missing
    inner join fields
        on fields.source_field = missing.source_field
        or split_part(fields.source_field, '.', 1) = missing.source_field
    anti join written on written.document_id = missing.document_id and written.field = fields.field
    group by missing.document_id, fields.field
),

states as (
    select
        document_id,
        field,
        state
    from written
    union all
    select
        document_id,
        field,
        state
    from unwritten
),

types as (
    select
        coalesce(type, '(none)') as type,
        count(*) as document_count
    from staging.documents
    group by coalesce(type, '(none)')
),

counts as (
    select
        coalesce(documents.type, '(none)') as type,
        states.field,
        count(*) filter (where states.state = 'present') as present_count,
        count(*) filter (where states.state = 'empty') as empty_count,
        count(*) filter (where states.state = 'refused') as refused_count,
        count(*) filter (where states.state = 'null') as null_count,
        count(*) as written_count
    from states
    inner join staging.documents as documents on documents.document_id = states.document_id
    group by coalesce(documents.type, '(none)'), states.field
)

select
    types.type,
    fields.field,
    fields.source_field,
    types.document_count,
    coalesce(counts.present_count, 0) as present_count,
    coalesce(counts.empty_count, 0) as empty_count,
    coalesce(counts.refused_count, 0) as refused_count,
    coalesce(counts.null_count, 0) as null_count,
    types.document_count - coalesce(counts.written_count, 0) as absent_count,
    coalesce(counts.present_count, 0) / types.document_count as present_share
from types
cross join fields
left join counts on counts.type = types.type and counts.field = fields.field
