-- Types, collections, topics and providers that appeared, vanished or lost documents since the previous
-- snapshot, and changes in the number of documents and rejects.
--
-- A fall in the total is one warning; each part is then compared with its share of the smaller total.
--
-- Grain: a change of a subject.
-- Key: kind, aspect, subject
-- Columns:
--   kind: Kind of change: new_ or vanished_ with the aspect, as in new_topic; fall_in_volume or
--     rise_in_rejects.
--   aspect: Kind of subject: outcome, document_type, collection, topic or provider.
--   subject: The outcome, type, collection, topic_id or provider_id.
--   label: Display name of the subject.
--   previous_count: Documents in the previous snapshot; files for an outcome.
--   document_count: Documents now; files for an outcome.
--   is_warning: Whether the change reaches the settings drift_count and drift_share; never for a subject that
--     is new.
with counts as (
    select
        coalesce(now.aspect, previous.aspect) as aspect,
        coalesce(now.subject, previous.subject) as subject,
        coalesce(now.label, previous.label) as label,
        coalesce(previous.document_count, 0) as previous_count,
        coalesce(now.document_count, 0) as document_count
    from drift.volume_profile as now
    full join tidy.previous_volume_profile as previous
        on previous.aspect = now.aspect and previous.subject = now.subject
),

totals as (
    select
        coalesce(max(previous_count) filter (where subject = 'document'), 0) as previous_count,
        coalesce(max(document_count) filter (where subject = 'document'), 0) as document_count
    from counts
    where aspect = 'outcome'
),

expected as (
    select
        counts.aspect,
        counts.subject,
        counts.label,
        counts.previous_count,
        counts.document_count,
        if(
            counts.aspect = 'outcome' or totals.document_count >= totals.previous_count,
            counts.previous_count,
            counts.previous_count * totals.document_count // totals.previous_count
        ) as expected_count
    from counts
    cross join totals
),

changes as (
    select
        case
            when aspect = 'outcome' and subject = 'reject' then 'rise_in_rejects'
            when aspect = 'outcome' then 'fall_in_volume'
            when previous_count = 0 then 'new_' || aspect
            when document_count = 0 then 'vanished_' || aspect
            else 'fall_in_volume'
        end as kind,
        aspect,
        subject,
        label,
        previous_count,
        document_count,
        if(
            aspect = 'outcome' and subject = 'reject',
            document_count - previous_count,
            expected_count - document_count
        ) as change_count,
        expected_count
    from expected
    where (aspect = 'outcome' and subject <> 'skipped')
        or aspect in ('document_type', 'collection')
        or (aspect in ('topic', 'provider') and (previous_count = 0 or document_count = 0))
),

measured as (
    select
        changes.kind,
        changes.aspect,
        changes.subject,
        changes.label,
        changes.previous_count,
        changes.document_count,
        changes.change_count >= comparison.drift_count
        and changes.change_count >= comparison.drift_share * changes.expected_count as is_warning
    from changes
    cross join tidy.comparison as comparison
    where comparison.is_comparable
)

select
    kind,
    aspect,
    subject,
    label,
    previous_count,
    document_count,
    is_warning
from measured
where is_warning or starts_with(kind, 'new_') or starts_with(kind, 'vanished_')
