-- The fields that differ between a version of a document and the one that it took the place of.
--
-- A version after a gap, which was restored, readable again or renamed, is compared with none. A version
-- whose text alone changed, and kept its length, has no row. Of lists there are topics, related items and
-- images: a row for each that came or went, and none for one that moved.
--
-- Grain: a field of a version that took the place of another; in lists an item that came or went.
-- Key: document_id, step, field, item
-- Columns:
--   document_id: The document.
--   step: The step of the change.
--   changed_at: When it was committed or built (UTC).
--   change: Kind of change: changed, or swapped if the path has another article since.
--   field: The column of tidy.documents; topics, related or images for lists.
--   item: The topic_id, link or URL of an item of a list; an empty text for other fields.
--   old?: The value before, as text; of an item its name. NULL if there was none.
--   new?: The value since, as text; of an item its name. NULL if there is none.
with differences as (
    select
        new.document_id,
        new.valid_from as step,
        unnest(list_filter([
        if(
            old.title is distinct from new.title,
            {'field': 'title', 'old': cast(old.title as varchar), 'new': cast(new.title as varchar)},
            null
        ),
        if(
            old.name is distinct from new.name,
            {'field': 'name', 'old': cast(old.name as varchar), 'new': cast(new.name as varchar)},
            null
        ),
        if(
            old.excerpt is distinct from new.excerpt,
            {'field': 'excerpt', 'old': cast(old.excerpt as varchar), 'new': cast(new.excerpt as varchar)},
            null
        ),
        if(
            old.category is distinct from new.category,
            {'field': 'category', 'old': cast(old.category as varchar), 'new': cast(new.category as varchar)},
            null
        ),
        if(
            old.type is distinct from new.type,
            {'field': 'type', 'old': cast(old.type as varchar), 'new': cast(new.type as varchar)},
            null
        ),
        if(
            old.published_at is distinct from new.published_at,
            {
                'field': 'published_at',
                'old': cast(old.published_at as varchar),
                'new': cast(new.published_at as varchar)
            },
            null
        ),
        if(
            old.updated_at is distinct from new.updated_at,
            {
                'field': 'updated_at',
                'old': cast(old.updated_at as varchar),
                'new': cast(new.updated_at as varchar)
            },
            null
        ),
        if(
            old.original_url is distinct from new.original_url,
            {
                'field': 'original_url',
                'old': cast(old.original_url as varchar),
                'new': cast(new.original_url as varchar)
            },
            null
        ),
        if(
            old.web_url is distinct from new.web_url,
            {'field': 'web_url', 'old': cast(old.web_url as varchar), 'new': cast(new.web_url as varchar)},
            null
        ),
        if(
            old.amp_url is distinct from new.amp_url,
            {'field': 'amp_url', 'old': cast(old.amp_url as varchar), 'new': cast(new.amp_url as varchar)},
            null
        ),
        if(
            old.canonical_url is distinct from new.canonical_url,
            {
                'field': 'canonical_url',
                'old': cast(old.canonical_url as varchar),
                'new': cast(new.canonical_url as varchar)
            },
            null
        ),
        if(
            old.url_host is distinct from new.url_host,
            {'field': 'url_host', 'old': cast(old.url_host as varchar), 'new': cast(new.url_host as varchar)},
            null
        ),
        if(
            old.quality is distinct from new.quality,
            {'field': 'quality', 'old': cast(old.quality as varchar), 'new': cast(new.quality as varchar)},
            null
        ),
        if(
            old.heat is distinct from new.heat,
            {'field': 'heat', 'old': cast(old.heat as varchar), 'new': cast(new.heat as varchar)},
            null
        ),
        if(
            old.is_suppressed is distinct from new.is_suppressed,
            {
                'field': 'is_suppressed',
                'old': cast(old.is_suppressed as varchar),
                'new': cast(new.is_suppressed as varchar)
            },
            null
        ),
        if(
            old.is_published is distinct from new.is_published,
            {
                'field': 'is_published',
                'old': cast(old.is_published as varchar),
                'new': cast(new.is_published as varchar)
            },
            null
        ),
        if(
            old.is_removed is distinct from new.is_removed,
            {
                'field': 'is_removed',
                'old': cast(old.is_removed as varchar),
                'new': cast(new.is_removed as varchar)
            },
            null
        ),
        if(
            old.price is distinct from new.price,
            {'field': 'price', 'old': cast(old.price as varchar), 'new': cast(new.price as varchar)},
            null
        ),
        if(
            old.duration_seconds is distinct from new.duration_seconds,
            {
                'field': 'duration_seconds',
                'old': cast(old.duration_seconds as varchar),
                'new': cast(new.duration_seconds as varchar)
            },
            null
        ),
        if(
            old.rating_count is distinct from new.rating_count,
            {
                'field': 'rating_count',
                'old': cast(old.rating_count as varchar),
                'new': cast(new.rating_count as varchar)
            },
            null
        ),
        if(
            old.rating_average is distinct from new.rating_average,
            {
                'field': 'rating_average',
                'old': cast(old.rating_average as varchar),
                'new': cast(new.rating_average as varchar)
            },
            null
        ),
        if(
            old.member_count is distinct from new.member_count,
            {
                'field': 'member_count',
                'old': cast(old.member_count as varchar),
                'new': cast(new.member_count as varchar)
            },
            null
        ),
        if(
            old.locale is distinct from new.locale,
            {'field': 'locale', 'old': cast(old.locale as varchar), 'new': cast(new.locale as varchar)},
            null
        ),
        if(
            old.provider_id is distinct from new.provider_id,
            {
                'field': 'provider_id',
                'old': cast(old.provider_id as varchar),
                'new': cast(new.provider_id as varchar)
            },
            null
        ),
        if(
            old.provider_name is distinct from new.provider_name,
            {
                'field': 'provider_name',
                'old': cast(old.provider_name as varchar),
                'new': cast(new.provider_name as varchar)
            },
            null
        ),
        if(
            old.provider_domain is distinct from new.provider_domain,
            {
                'field': 'provider_domain',
                'old': cast(old.provider_domain as varchar),
                'new': cast(new.provider_domain as varchar)
            },
            null
        ),
        if(
            old.body_chars is distinct from new.body_chars,
            {
                'field': 'body_chars',
                'old': cast(old.body_chars as varchar),
                'new': cast(new.body_chars as varchar)
            },
            null
        ),
        if(
            old.body_words is distinct from new.body_words,
            {
                'field': 'body_words',
                'old': cast(old.body_words as varchar),
                'new': cast(new.body_words as varchar)
            },
            null
        ),
        if(
            old.has_secured is distinct from new.has_secured,
            {
                'field': 'has_secured',
                'old': cast(old.has_secured as varchar),
                'new': cast(new.has_secured as varchar)
            },
            null
        ),
        if(
            old.is_text_repaired is distinct from new.is_text_repaired,
            {
                'field': 'is_text_repaired',
                'old': cast(old.is_text_repaired as varchar),
                'new': cast(new.is_text_repaired as varchar)
            },
            null
        ),
        if(
            old.is_repaired is distinct from new.is_repaired,
            {
                'field': 'is_repaired',
                'old': cast(old.is_repaired as varchar),
                'new': cast(new.is_repaired as varchar)
            },
            null
        ),
        if(
            old.slug is distinct from new.slug,
            {'field': 'slug', 'old': cast(old.slug as varchar), 'new': cast(new.slug as varchar)},
            null
        ),
        if(
            old.language is distinct from new.language,
            {'field': 'language', 'old': cast(old.language as varchar), 'new': cast(new.language as varchar)},
            null
        ),
        if(
            old.weight is distinct from new.weight,
            {'field': 'weight', 'old': cast(old.weight as varchar), 'new': cast(new.weight as varchar)},
            null
        ),
        if(
            old.document_kind is distinct from new.document_kind,
            {
                'field': 'document_kind',
                'old': cast(old.document_kind as varchar),
                'new': cast(new.document_kind as varchar)
            },
            null
        ),
        if(
            old.extra is distinct from new.extra,
            {'field': 'extra', 'old': cast(old.extra as varchar), 'new': cast(new.extra as varchar)},
            null
        )
        ], lambda difference: difference is not null)) as difference
    from history.document_versions as old
    inner join history.document_versions as new
        on new.document_id = old.document_id and new.valid_from = old.valid_to
),

changes as (
    select
        document_id,
        step,
        difference.field,
        '' as item,
        difference.old,
        difference.new
    from differences
    union all
    select
        document_id,
        first_step as step,
        'topics' as field,
        topic_id as item,
        null as old,
        coalesce(topic, topic_id) as new
    from history.topic_spans
    where is_new
    union all
    select
        document_id,
        last_step + 1 as step,
        'topics' as field,
        topic_id as item,
        coalesce(topic, topic_id) as old,
        null as new
    from history.topic_spans
    where is_lost
    union all
    select
        document_id,
        first_step as step,
        'related' as field,
        link as item,
        null as old,
        coalesce(title, link) as new
    from history.related_spans
    where is_new
    union all
    select
        document_id,
        last_step + 1 as step,
        'related' as field,
        link as item,
        coalesce(title, link) as old,
        null as new
    from history.related_spans
    where is_lost
    union all
    select
        document_id,
        first_step as step,
        'images' as field,
        url as item,
        null as old,
        coalesce(title, url) as new
    from history.image_spans
    where is_new
    union all
    select
        document_id,
        last_step + 1 as step,
        'images' as field,
        url as item,
        coalesce(title, url) as old,
        null as new
    from history.image_spans
    where is_lost
)

select
    changes.document_id,
    changes.step,
    steps.committed_at as changed_at,
    document_changes.change,
    changes.field,
    changes.item,
    changes.old,
    changes.new
from changes
inner join tidy.steps as steps on steps.step = changes.step
inner join tidy.document_changes as document_changes
    on document_changes.document_id = changes.document_id and document_changes.step = changes.step
