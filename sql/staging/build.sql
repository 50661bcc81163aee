-- The day that a build describes, and the range of published dates that it counts by date.
--
-- Grain: the build; always one row.
-- Key: as_of_date
-- Columns:
--   as_of_date: The UTC day that the build describes: no article of a later day counts by date.
--   is_as_of_given
--   first_calendar_date: 1990-01-01: an earlier published date is taken for an error, and not counted by
--     date.
--   last_calendar_date: The day after as_of_date, because a file may come from a time zone ahead of UTC.
--   frontmart_version
--   preset
--   features
--   is_searchable
select
    as_of_date,
    is_as_of_given,
    date '1990-01-01' as first_calendar_date,
    as_of_date + 1 as last_calendar_date,
    frontmart_version,
    preset,
    features,
    is_searchable
from tidy.build
