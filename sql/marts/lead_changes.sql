-- Changes of the lead of an event: which article, and which provider, lost it to which, after how long.
--
-- The lead at a step is, of the articles of the event that are there and not suppressed, the one with the
-- highest heat, then the earliest by published_at, then by path. Without a heat there is no lead. The source
-- marks by suppression whom it does not show, and by heat whom it shows first. An article that leads on under
-- another path is no change.
--
-- Events are those of today: an article that is gone belongs to the event that most of its last related
-- links are of, ties to the first event_id; without such a link it takes no part.
--
-- On censoring: the first lead of an event is no change. If it led at the first step already, hours_led is
-- NULL and min_hours_led a lower bound; what leads at the last step has no row yet. Do not trust it where
-- articles are removed in bulk, or where scores are glitches.
--
-- Grain: an event and a step at which its lead changed.
-- Key: event_id, step
-- Order: changed_at desc
-- Needs: scores
-- Columns:
--   event_id: The event.
--   step: The step of the change.
--   changed_at: When it was committed or built (UTC).
--   from_document_id: The article that led until then.
--   to_document_id: The article that leads since.
--   from_title?: Title of the former; NULL if it has none.
--   to_title?: Title of the latter; NULL if it has none.
--   from_provider_id?: Provider of the former; NULL if it names none.
--   to_provider_id?: Provider of the latter; NULL if it names none.
--   from_heat: Heat of the former while it led, at its last step.
--   to_heat: Heat of the latter at the step.
--   hours_led?: Hours that the former led; NULL if it did at the first step.
--   min_hours_led: The same, from the first step on: a lower bound.
--   is_provider_change: Whether the provider is another one.
--   is_left_censored: Whether the former led at the first step.
with gone_votes as (
    select
        spans.document_id,
        articles.event_id,
        count(*) as vote_count
    from history.related_spans as spans
    inner join history.lives as lives
        on lives.document_id = spans.document_id and lives.end_step = spans.last_step + 1
    inner join core.articles as articles on articles.canonical_url = spans.link
    where articles.event_id is not null
    group by spans.document_id, articles.event_id
),

members as (
    select
        document_id,
        event_id
    from core.articles
    where event_id is not null
    union all
    select
        votes.document_id,
        first(votes.event_id order by votes.vote_count desc, votes.event_id) as event_id
    from gone_votes as votes
    anti join core.articles as articles on articles.document_id = votes.document_id
    group by votes.document_id
),

shared as (
    select event_id
    from members
    group by event_id
    having count(*) > 1
),

versions as (
    select
        members.event_id,
        versions.document_id,
        versions.valid_from,
        versions.valid_to,
        versions.title,
        versions.provider_id,
        versions.heat,
        versions.published_at,
        versions.path,
        versions.heat is not null and not versions.is_suppressed as has_rank
    from history.document_versions as versions
    inner join members on members.document_id = versions.document_id
    semi join shared on shared.event_id = members.event_id
),

points as (
    select
        event_id,
        valid_from as step
    from versions
    union
    select
        event_id,
        valid_to as step
    from versions
    where valid_to is not null
),

leads as (
    select
        points.event_id,
        points.step,
        versions.document_id,
        versions.title,
        versions.provider_id,
        versions.heat
    from points
    inner join versions
        on versions.event_id = points.event_id
        and versions.has_rank
        and versions.valid_from <= points.step
        and coalesce(versions.valid_to > points.step, true)
    qualify row_number() over (
        partition by points.event_id, points.step
        order by versions.heat desc, versions.published_at nulls last, versions.path
    ) = 1
),

compared as (
    select
        event_id,
        step,
        document_id,
        title,
        provider_id,
        heat,
        lag(document_id) over leads as from_document_id,
        lag(title) over leads as from_title,
        lag(provider_id) over leads as from_provider_id,
        lag(heat) over leads as from_heat
    from leads
    window leads as (partition by event_id order by step)
),

reigns as (
    select
        *,
        lag(step) over (partition by event_id order by step) as from_step
    from compared
    where from_document_id is distinct from document_id
),

renamed as (
    select
        step,
        from_document_id,
        document_id
    from history.changes
    where from_document_id is not null
)

select
    reigns.event_id,
    reigns.step,
    steps.committed_at as changed_at,
    reigns.from_document_id,
    reigns.document_id as to_document_id,
    reigns.from_title,
    reigns.title as to_title,
    reigns.from_provider_id,
    reigns.provider_id as to_provider_id,
    reigns.from_heat,
    reigns.heat as to_heat,
    if(
        reigns.from_step = 0,
        null,
        greatest(date_diff('second', began.committed_at, steps.committed_at), 0) / 3600
    ) as hours_led,
    greatest(date_diff('second', began.committed_at, steps.committed_at), 0) / 3600 as min_hours_led,
    reigns.from_provider_id is distinct from reigns.provider_id as is_provider_change,
    reigns.from_step = 0 as is_left_censored
from reigns
inner join history.steps as steps on steps.step = reigns.step
inner join history.steps as began on began.step = reigns.from_step
left join renamed
    on renamed.step = reigns.step
    and renamed.document_id = reigns.document_id
    and renamed.from_document_id = reigns.from_document_id
where reigns.from_document_id is not null and renamed.step is null
