-- Documents that were taken down: files removed, and documents that were unpublished or marked as removed.
--
-- A file that is renamed is not taken down. Removed are also files that lost their front matter.
--
-- On censoring: hours_up is NULL for what the first step has, which may be older, and min_hours_up is a
-- lower bound. What was not restored until the last step may be later: is_restored is then false, not final.
-- Do not trust the share within a day in a history of builds: what came and went between two builds was not
-- seen.
--
-- Grain: a document, a step at which it was taken down, and how.
-- Key: document_id, step, kind
-- Order: taken_down_at desc
-- Columns:
--   document_id: The document.
--   step: The step at which it was taken down.
--   kind: How: removed (the file), unpublished (`published` turned false after true) or marked (as removed).
--   taken_down_at: When that was committed or built (UTC).
--   path: Path relative to the source folder.
--   collection
--   title?: Its title until then; NULL if it had none.
--   provider_id?: Its provider until then; NULL if it named none.
--   canonical_url?: Its URL until then; NULL if it had none.
--   hours_up?: Hours from when it came to when it was taken down; NULL if the first step has it.
--   min_hours_up: The same, from the first step on for what that has: a lower bound.
--   is_within_a_day?: Whether it was taken down within 24 hours; NULL if that is unknown.
--   is_restored: Whether it was there again, or published, by the last step.
--   restored_at?: When it was (UTC); NULL if it was not.
--   hours_down?: Hours until it was restored; NULL if it was not.
--   is_left_censored: Whether the first step has it.
with flags as (
    select
        document_id,
        valid_from as step,
        valid_from_at,
        change,
        is_published,
        is_removed,
        lag(is_published) over versions as was_published,
        lag(is_removed) over versions as was_removed
    from history.document_versions
    window versions as (partition by document_id order by valid_from)
),

downs as (
    select
        document_id,
        end_step as step,
        'removed' as kind
    from history.lives
    where end_change = 'removed' and to_document_id is null
    union all
    select
        document_id,
        step,
        'unpublished' as kind
    from flags
    where change = 'changed' and was_published and not is_published
    union all
    select
        document_id,
        step,
        'marked' as kind
    from flags
    where change = 'changed' and is_removed and not coalesce(was_removed, false)
),

ups as (
    select
        document_id,
        first_step as step,
        'removed' as kind
    from history.lives
    union all
    select
        document_id,
        step,
        'unpublished' as kind
    from flags
    where is_published
    union all
    select
        document_id,
        step,
        'marked' as kind
    from flags
    where not coalesce(is_removed, false)
),

restored as (
    select
        downs.document_id,
        downs.step,
        downs.kind,
        min(ups.step) as restored_step
    from downs
    inner join ups
        on ups.document_id = downs.document_id and ups.kind = downs.kind and ups.step > downs.step
    group by downs.document_id, downs.step, downs.kind
),

-- The life in which it was taken down; where the file went, that ends at the step.
found as (
    select
        downs.document_id,
        downs.step,
        downs.kind,
        lives.first_step,
        restored.restored_step
    from downs
    inner join history.lives as lives
        on lives.document_id = downs.document_id
        and lives.first_step < downs.step
        and coalesce(lives.end_step, downs.step) >= downs.step
    left join restored
        on restored.document_id = downs.document_id
        and restored.step = downs.step
        and restored.kind = downs.kind
),

timed as (
    select
        found.document_id,
        found.step,
        found.kind,
        before.valid_to_at as taken_down_at,
        before.path,
        before.collection,
        before.title,
        before.provider_id,
        before.canonical_url,
        greatest(date_diff('second', began.valid_from_at, before.valid_to_at), 0) / 3600 as min_hours_up,
        again.valid_from_at as restored_at,
        found.first_step = 0 as is_left_censored
    from found
    inner join history.document_versions as before
        on before.document_id = found.document_id and before.valid_to = found.step
    inner join history.document_versions as began
        on began.document_id = found.document_id and began.valid_from = found.first_step
    left join history.document_versions as again
        on again.document_id = found.document_id and again.valid_from = found.restored_step
)

select
    document_id,
    step,
    kind,
    taken_down_at,
    path,
    collection,
    title,
    provider_id,
    canonical_url,
    if(is_left_censored, null, min_hours_up) as hours_up,
    min_hours_up,
    case
        when min_hours_up > 24 then false
        when not is_left_censored then true
    end as is_within_a_day,
    restored_at is not null as is_restored,
    restored_at,
    if(restored_at is null, null, greatest(date_diff('second', taken_down_at, restored_at), 0) / 3600)
        as hours_down,
    is_left_censored
from timed
