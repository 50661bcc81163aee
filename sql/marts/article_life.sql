-- The life of each document that ever was: when it was seen first and changed last, and how often.
--
-- A renamed document is another one here, at its new path: from_document_id leads to the one before.
--
-- On censoring: first_seen_at of a document of the first step is NULL (is_left_censored), since it may be
-- older; its counts are of the history alone. Days of a document that is still there run to the last step,
-- and are a lower bound (is_right_censored). Do not trust days_unchanged in a history of a few days.
--
-- Grain: a document that ever was.
-- Key: document_id
-- Columns:
--   document_id: The document.
--   path: Path relative to the source folder.
--   collection?: First folder of the path, without its underscore; NULL at the top of the source.
--   title?: Its last title; NULL if it had none.
--   from_document_id?: The document that was renamed to this one; NULL if none was.
--   first_seen_at?: When it was added, restored, readable or renamed first (UTC); NULL if the first step has
--     it.
--   last_changed_at?: When something stored changed last, or it came (UTC); NULL if nothing did since the
--     first step.
--   gone_at?: When it went (UTC); NULL if the last step has it.
--   version_count: Versions that it had.
--   change_count: Times that something stored changed while it was there.
--   swap_count: Of these, times that another article took its path.
--   days_unchanged: Days from last_changed_at, or the first step, to gone_at, or the last step.
--   published_count: Times that `published` turned true.
--   unpublished_count: Times that `published` turned false, or was left out, after true.
--   take_down_count: Times that the file went and was not renamed.
--   restore_count: Times that it was there again.
--   is_left_censored: Whether the first step has it.
--   is_right_censored: Whether the last step has it.
with versions as (
    select
        document_id,
        valid_from,
        valid_to,
        valid_from_at,
        if(valid_from = 0, null, valid_from_at) as known_from_at,
        valid_to_at,
        path,
        collection,
        title,
        change,
        from_document_id,
        is_published,
        lag(is_published) over versions as was_published,
        row_number() over (partition by document_id order by valid_from desc) as place
    from history.document_versions
    window versions as (partition by document_id order by valid_from)
),

gone as (
    select
        document_id,
        count(*) filter (where end_change = 'removed' and to_document_id is null) as take_down_count
    from history.lives
    group by document_id
)

select
    versions.document_id,
    first(versions.path order by versions.place) as path,
    first(versions.collection order by versions.place) as collection,
    first(versions.title order by versions.place) as title,
    first(versions.from_document_id order by versions.place desc) as from_document_id,
    first(versions.known_from_at order by versions.place desc) as first_seen_at,
    first(versions.known_from_at order by versions.place) as last_changed_at,
    first(versions.valid_to_at order by versions.place) as gone_at,
    count(*) as version_count,
    count(*) filter (where versions.change in ('changed', 'swapped')) as change_count,
    count(*) filter (where versions.change = 'swapped') as swap_count,
    greatest(
        date_diff(
            'second',
            first(versions.valid_from_at order by versions.place),
            coalesce(first(versions.valid_to_at order by versions.place), max(span.last_at))
        ),
        0
    ) / 86400 as days_unchanged,
    count(*) filter (
        where versions.is_published and not coalesce(versions.was_published, false)
        and versions.change in ('changed', 'readable', 'restored')
    ) as published_count,
    count(*) filter (where versions.was_published and not coalesce(versions.is_published, false))
        as unpublished_count,
    max(gone.take_down_count) as take_down_count,
    count(*) filter (where versions.change = 'restored') as restore_count,
    bool_or(versions.valid_from = 0) as is_left_censored,
    bool_or(versions.valid_to is null) as is_right_censored
from versions
inner join gone on gone.document_id = versions.document_id
cross join history.span as span
group by versions.document_id
