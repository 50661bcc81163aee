-- Links that vanished from documents that stayed: related links, and the documents' own URLs.
--
-- A link that went with its document, or with the article at its path, is not here: see take_downs.
--
-- On censoring: hours_there of a link of the first step is NULL, since it may be older, and min_hours_there
-- a lower bound. Links that are still there are not here, so that a median of these rows is too low: the
-- open spans of history.related_spans belong beside it. Whether a target answers is not known: nothing is
-- requested.
--
-- Grain: a link of a document, and the step at which it was gone.
-- Key: kind, document_id, link, step
-- Order: vanished_at desc
-- Columns:
--   kind: Kind of link: related (a related item), or own (the canonical URL of the document).
--   document_id: The document.
--   link: The URL; for a related item without one its title.
--   step: The first step without it.
--   vanished_at: When that was committed or built (UTC).
--   hours_there?: Hours from when the link came to vanished_at; NULL if the first step has it.
--   min_hours_there: The same, from the first step on for what that has: a lower bound.
--   new_link?: Of kind own: the URL since; NULL if there is none, and for related items.
--   is_back: Whether the document had the link again, until the last step.
--   is_left_censored: Whether the first step has the link.
with own as (
    select
        document_id,
        valid_from,
        valid_to,
        valid_from_at,
        valid_to_at,
        end_change,
        nullif(canonical_url, '') as url,
        lead(nullif(canonical_url, '')) over versions as next_url,
        coalesce(
            lag(nullif(canonical_url, '')) over versions is distinct from nullif(canonical_url, '')
            or lag(valid_to) over versions <> valid_from,
            true
        ) as is_start
    from history.document_versions
    window versions as (partition by document_id order by valid_from)
),

own_numbered as (
    select
        *,
        count(*) filter (where is_start) over (partition by document_id order by valid_from) as stretch
    from own
),

own_spans as (
    select
        document_id,
        url,
        min(valid_from) as first_step,
        max(valid_to) as end_step,
        first(valid_from_at order by valid_from) as first_at,
        first(valid_to_at order by valid_from desc) as gone_at,
        first(end_change order by valid_from desc) as end_change,
        first(next_url order by valid_from desc) as next_url
    from own_numbered
    where url is not null
    group by document_id, stretch, url
),

vanished as (
    select
        'own' as kind,
        document_id,
        url as link,
        first_step,
        end_step as step,
        first_at,
        gone_at,
        next_url as new_link
    from own_spans
    where end_change = 'changed' and next_url is distinct from url
    union all
    select
        'related' as kind,
        spans.document_id,
        spans.link,
        spans.first_step,
        spans.last_step + 1 as step,
        spans.first_at,
        spans.gone_at,
        null as new_link
    from history.related_spans as spans
    inner join history.changes as changes
        on changes.document_id = spans.document_id and changes.step = spans.last_step + 1
    where spans.is_lost and changes.change <> 'swapped'
),

again as (
    select
        'own' as kind,
        document_id,
        url as link,
        max(first_step) as last_start
    from own_spans
    group by document_id, url
    union all
    select
        'related' as kind,
        document_id,
        link,
        max(first_step) as last_start
    from history.related_spans
    group by document_id, link
)

select
    vanished.kind,
    vanished.document_id,
    vanished.link,
    vanished.step,
    vanished.gone_at as vanished_at,
    if(
        vanished.first_step = 0,
        null,
        greatest(date_diff('second', vanished.first_at, vanished.gone_at), 0) / 3600
    ) as hours_there,
    greatest(date_diff('second', vanished.first_at, vanished.gone_at), 0) / 3600 as min_hours_there,
    vanished.new_link,
    again.last_start >= vanished.step as is_back,
    vanished.first_step = 0 as is_left_censored
from vanished
inner join again
    on again.kind = vanished.kind and again.document_id = vanished.document_id and again.link = vanished.link
