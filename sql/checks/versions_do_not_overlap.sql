-- The versions of a document follow each other: none begins before the one before it has ended, and only the
-- last one is open.
--
-- Severity: error
select
    document_id,
    valid_from,
    valid_to
from history.document_versions
qualify
    valid_to <= valid_from
    or coalesce(
        lead(valid_from) over (partition by document_id order by valid_from)
        < coalesce(valid_to, 9223372036854775807),
        false
    )
