-- The previous snapshot should have profiles of its files, so that drift can be checked. The next build can
-- be compared with this one.
--
-- Severity: warn
select
    previous_snapshot_id,
    format(
        'snapshot {} has no profiles of its files: drift was not checked', previous_snapshot_id
    ) as sentence
from tidy.comparison
where previous_snapshot_id is not null and not is_comparable
