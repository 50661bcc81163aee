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
            {'field': 'title', 'old': old.title::varchar, 'new': new.title::varchar},
            {'field': 'name', 'old': old.name::varchar, 'new': new.name::varchar},
            {'field': 'excerpt', 'old': old.excerpt::varchar, 'new': new.excerpt::varchar},
            {'field': 'category', 'old': old.category::varchar, 'new': new.category::varchar},
            {'field': 'type', 'old': old.type::varchar, 'new': new.type::varchar},
            {'field': 'published_at', 'old': old.published_at::varchar, 'new': new.published_at::varchar},
            {'field': 'updated_at', 'old': old.updated_at::varchar, 'new': new.updated_at::varchar},
            {'field': 'original_url', 'old': old.original_url::varchar, 'new': new.original_url::varchar},
            {'field': 'web_url', 'old': old.web_url::varchar, 'new': new.web_url::varchar},
            {'field': 'amp_url', 'old': old.amp_url::varchar, 'new': new.amp_url::varchar},
            {'field': 'canonical_url', 'old': old.canonical_url::varchar, 'new': new.canonical_url::varchar},
            {'field': 'url_host', 'old': old.url_host::varchar, 'new': new.url_host::varchar},
            {'field': 'quality', 'old': old.quality::varchar, 'new': new.quality::varchar},
            {'field': 'heat', 'old': old.heat::varchar, 'new': new.heat::varchar},
            {'field': 'is_suppressed', 'old': old.is_suppressed::varchar, 'new': new.is_suppressed::varchar},
            {'field': 'is_published', 'old': old.is_published::varchar, 'new': new.is_published::varchar},
            {'field': 'is_removed', 'old': old.is_removed::varchar, 'new': new.is_removed::varchar},
            {'field': 'price', 'old': old.price::varchar, 'new': new.price::varchar},
            {
                'field': 'duration_seconds',
                'old': old.duration_seconds::varchar,
                'new': new.duration_seconds::varchar
            },
            {'field': 'rating_count', 'old': old.rating_count::varchar, 'new': new.rating_count::varchar},
            {
                'field': 'rating_average',
                'old': old.rating_average::varchar,
                'new': new.rating_average::varchar
            },
            {'field': 'member_count', 'old': old.member_count::varchar, 'new': new.member_count::varchar},
            {'field': 'locale', 'old': old.locale::varchar, 'new': new.locale::varchar},
            {'field': 'provider_id', 'old': old.provider_id::varchar, 'new': new.provider_id::varchar},
            {'field': 'provider_name', 'old': old.provider_name::varchar, 'new': new.provider_name::varchar},
            {
                'field': 'provider_domain',
                'old': old.provider_domain::varchar,
                'new': new.provider_domain::varchar
            },
            {'field': 'body_chars', 'old': old.body_chars::varchar, 'new': new.body_chars::varchar},
            {'field': 'body_words', 'old': old.body_words::varchar, 'new': new.body_words::varchar},
            {'field': 'has_secured', 'old': old.has_secured::varchar, 'new': new.has_secured::varchar},
            {
                'field': 'is_text_repaired',
                'old': old.is_text_repaired::varchar,
                'new': new.is_text_repaired::varchar
            },
            {'field': 'is_repaired', 'old': old.is_repaired::varchar, 'new': new.is_repaired::varchar},
            {'field': 'slug', 'old': old.slug::varchar, 'new': new.slug::varchar},
            {'field': 'language', 'old': old.language::varchar, 'new': new.language::varchar},
            {'field': 'weight', 'old': old.weight::varchar, 'new': new.weight::varchar},
            {'field': 'document_kind', 'old': old.document_kind::varchar, 'new': new.document_kind::varchar},
            {'field': 'extra', 'old': old.extra::varchar, 'new': new.extra::varchar}
        ], lambda difference: difference.old is distinct from difference.new)) as difference
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
        if(kind = 'related', kind, kind || 's') as field,
        item,
        null as old,
        coalesce(label, item) as new
    from history.item_spans
    where is_new
    union all
    select
        document_id,
        last_step + 1 as step,
        if(kind = 'related', kind, kind || 's') as field,
        item,
        coalesce(label, item) as old,
        null as new
    from history.item_spans
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
