-- The snapshot published before tells what its files held, so that drift can be seen; the next build can
-- compare itself with this one.
--
-- Severity: warn
select
    previous_snapshot_id,
    format(
        'snapshot {} does not tell what its files held: drift was not looked for', previous_snapshot_id
    ) as sentence
from tidy.comparison
where previous_snapshot_id is not null and not is_comparable
