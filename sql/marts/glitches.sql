-- Values that look like errors of the source: scores that jump and return or are too large, URLs that flip.
--
-- On censoring: a jump at the last step may still return, and is not here until it does; the value before
-- the first step is unknown. Do not trust a single jump: a news event lifts a score as well, but rarely
-- returns it.
--
-- Grain: a document, a step at which the odd value came, and the field.
-- Key: document_id, step, field
-- Order: glitched_at desc
-- Columns:
--   document_id: The document.
--   step: The step at which the odd value came.
--   field: The column: heat, quality or canonical_url.
--   kind: Kind of glitch: jump (at least doubled or halved, by 100 or more, and then back by nine tenths),
--     range (beyond 32 bits) or flip (another URL, and then the first one again).
--   glitched_at: When the step was committed or built (UTC).
--   path: Path relative to the source folder.
--   value_before?: The value before, as text; NULL if there was none.
--   value: The odd value, as text.
--   value_after?: The next other value, as text; NULL if there is none.
--   hours_until_after?: Hours until that came; NULL if there is none.
with scores as (
    select
        document_id,
        valid_from as step,
        valid_from_at,
        path,
        unnest(['heat', 'quality']) as field,
        unnest([heat, quality]) as score,
        cast(null as varchar) as url
    from history.document_versions
),

given as (
    select
        *
    from scores
    where score is not null
    union all
    select
        document_id,
        valid_from as step,
        valid_from_at,
        path,
        'canonical_url' as field,
        null as score,
        canonical_url as url
    from history.document_versions
    where canonical_url <> ''
),

-- Without versions whose value is that of the version before.
distinct_values as (
    select
        *
    from given
    qualify coalesce(
        lag(coalesce(url, cast(score as varchar))) over (partition by document_id, field order by step)
        <> coalesce(url, cast(score as varchar)),
        true
    )
),

neighbours as (
    select
        document_id,
        step,
        valid_from_at,
        path,
        field,
        score,
        url,
        lag(score) over others as score_before,
        lead(score) over others as score_after,
        lag(url) over others as url_before,
        lead(url) over others as url_after,
        lead(valid_from_at) over others as after_at
    from distinct_values
    window others as (partition by document_id, field order by step)
),

judged as (
    select
        *,
        case
            when abs(score) > 2147483647 then 'range'
            when url_before = url_after then 'flip'
            when abs(score - score_before) >= 100
                and (abs(score) >= 2 * abs(score_before) or 2 * abs(score) <= abs(score_before))
                and abs(score_after - score_before) <= 0.1 * abs(score - score_before)
                then 'jump'
        end as kind
    from neighbours
)

select
    document_id,
    step,
    field,
    kind,
    valid_from_at as glitched_at,
    path,
    coalesce(url_before, cast(score_before as varchar)) as value_before,
    coalesce(url, cast(score as varchar)) as value,
    coalesce(url_after, cast(score_after as varchar)) as value_after,
    if(after_at is null, null, greatest(date_diff('second', valid_from_at, after_at), 0) / 3600)
        as hours_until_after
from judged
where kind is not null
