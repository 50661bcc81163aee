-- Changes in the files since the previous snapshot should stay below the settings drift_count and
-- drift_share. All changes are in marts.drift.
--
-- Severity: warn
with ranked as (
    select
        case kind
            when 'fall_in_volume' then 1
            when 'rise_in_rejects' then 2
            when 'changed_type' then 4
            when 'vanished_key' then 5
            when 'fall_in_completeness' then 6
            when 'new_key' then 7
            when 'vanished_topic' then 8
            when 'vanished_provider' then 8
            else 3
        end as rank,
        abs(change_count) as size,
        message
    from marts.drift
    where is_warning
)

select
    row_number() over (order by rank, size desc, message) as place,
    message as sentence
from ranked
