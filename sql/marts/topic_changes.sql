-- Topics that existing documents got and lost, by topic and month.
--
-- Topics that came or went with their document are not counted, and neither are those of a path that has
-- another article since.
--
-- On censoring: what the first step has was not seen to come. A topic that is new at the source shows as
-- many additions in one month: that is tagging, and no news. The last month may not be over.
--
-- Grain: a topic and a month in which a document got or lost it.
-- Key: topic_id, period_start_date
-- Columns:
--   topic_id
--   period_start_date: First day of the month (UTC).
--   topic: The topic as written, the first in the alphabet if there are several spellings.
--   added_count: Times that a document got it.
--   removed_count: Times that a document lost it.
--   net_count: The difference of both; negative if more lost it.
--   changed_document_count: Distinct documents that got or lost it.
with changes as (
    select
        changes.document_id,
        changes.item as topic_id,
        coalesce(changes.new, changes.old) as topic,
        changes.new is not null as is_added,
        cast(date_trunc('month', changes.changed_at) as date) as period_start_date
    from history.version_changes as changes
    where changes.field = 'topics' and changes.change <> 'swapped'
)

select
    topic_id,
    period_start_date,
    min(topic) as topic,
    count(*) filter (where is_added) as added_count,
    count(*) filter (where not is_added) as removed_count,
    count(*) filter (where is_added) - count(*) filter (where not is_added) as net_count,
    count(distinct document_id) as changed_document_count
from changes
group by topic_id, period_start_date
