-- What the build is compared with, and beyond what a change is worth a warning.
--
-- Grain: the comparison; always one row.
-- Key: drift_share
-- Columns:
--   drift_share: Share (0..1) by which a count must change at least, for a warning.
--   drift_count: How many documents a change must concern at least, for a warning.
--   previous_snapshot_id: The snapshot that was published when the build began; NULL where none was.
--   is_comparable: Whether that snapshot told what its files held; where not, nothing is compared.
select
    drift_share,
    drift_count,
    previous_snapshot_id,
    is_comparable
from tidy.comparison
