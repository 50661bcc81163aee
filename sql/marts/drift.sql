-- Changes in the files since the previous snapshot: keys and their types, topics, providers, volume and
-- completeness.
--
-- Empty for a first build, and if the previous snapshot has no profiles to compare with. Besides run_history,
-- it is the only mart that depends on more than the files and the day.
--
-- Grain: a change.
-- Key: kind, aspect, subject, document_type, value_kind
-- Columns:
--   kind: Kind of change: new_key, vanished_key, changed_type or fall_in_completeness (of a key); new_ or
--     vanished_ with document_type, collection, topic or provider; fall_in_volume; rise_in_rejects.
--   aspect: Kind of subject: key, outcome, document_type, collection, topic or provider.
--   subject: The key as files write it, such as images[].url, or the outcome, type, collection, topic_id or
--     provider_id.
--   label: Display name of the subject.
--   document_type: The document type whose completeness fell; `(all)` for other changes.
--   value_kind: The kind of value that is new under a key, as in drift.key_profile; `any` for other changes.
--   previous_count: Documents of the subject in the previous snapshot: with changed_type, those with that
--     kind of value; with fall_in_completeness, those with a value; with rise_in_rejects, files.
--   document_count: Documents of the subject now, counted the same way.
--   change_count: Change from previous_count to document_count; negative if there are fewer now.
--   previous_share?: In the previous snapshot, the share (0..1) of values that were of that kind
--     (changed_type), or of documents with a value among those that could have one (fall_in_completeness);
--     NULL for other changes.
--   share?: The same share now; NULL for other changes.
--   is_warning: Whether the change reaches the settings drift_count and drift_share. Of what is new, only a
--     key can be a warning.
--   message: The change as a sentence, with what to check.
with changes as (
    select
        kind,
        'key' as aspect,
        key as subject,
        key as label,
        document_type,
        value_kind,
        previous_value_kind,
        previous_count,
        document_count,
        previous_share,
        share,
        is_warning
    from drift.key_drift
    union all
    select
        kind,
        aspect,
        subject,
        label,
        '(all)' as document_type,
        'any' as value_kind,
        null as previous_value_kind,
        previous_count,
        document_count,
        null as previous_share,
        null as share,
        is_warning
    from drift.volume_drift
),

named as (
    select
        kind,
        aspect,
        subject,
        label,
        left(label, 100) as short_label,
        replace(aspect, 'document_', '') as noun,
        document_type,
        value_kind,
        previous_value_kind,
        previous_count,
        document_count,
        previous_share,
        share,
        is_warning
    from changes
)

select
    kind,
    aspect,
    subject,
    label,
    document_type,
    value_kind,
    previous_count,
    document_count,
    document_count - previous_count as change_count,
    previous_share,
    share,
    is_warning,
    case
        when kind = 'new_key'
            then format(
                'key {} is new, in {:,} documents: what no column takes is in documents.extra',
                short_label, document_count
            )
        when kind = 'vanished_key'
            then format(
                'key {} is gone, which {:,} documents had: see whether what writes the files still knows it',
                short_label, previous_count
            )
        when kind = 'changed_type' and value_kind = 'refused'
            then format(
                'key {} was refused in {:,} documents, where it held {}: see field_issues',
                short_label, document_count, previous_value_kind
            )
        when kind = 'changed_type'
            then format(
                'key {} holds {} in {:,} documents, where it held {}: see whether both mean the same',
                short_label, value_kind, document_count, previous_value_kind
            )
        when kind = 'fall_in_completeness'
            then format(
                'key {} is filled in by {:.0f} % of type {}, after {:.0f} %: see marts.field_completeness',
                short_label, 100 * share, document_type, 100 * previous_share
            )
        when kind = 'rise_in_rejects'
            then format(
                '{:,} files were refused, after {:,}: see `frontmart rejects`', document_count, previous_count
            )
        when aspect = 'outcome'
            then format(
                '{:,} documents in all, after {:,}: see whether the source is whole',
                document_count, previous_count
            )
        when kind = 'fall_in_volume'
            then format(
                '{:,} documents of {} {}, after {:,}: see whether the source is whole',
                document_count, noun, short_label, previous_count
            )
        when previous_count = 0
            then format(
                '{} {} is new, in {:,} {}',
                noun, short_label, document_count, if(document_count = 1, 'document', 'documents')
            )
        else format(
            '{} {} is gone, which {:,} {} had',
            noun, short_label, previous_count, if(previous_count = 1, 'document', 'documents')
        )
    end as message
from named
