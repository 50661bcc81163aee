-- The step at which each current list of a document began, for lists that are not as old as the history.
--
-- Grain: a document and a list.
-- Key: document_id, list_name
-- Columns:
--   document_id
--   list_name: The tidy table with its items, such as document_topics.
--   first_step: The step at which the list became what it is.
with ends as (
    select
        document_id,
        list_name,
        max(valid_to) as last_end
    from tidy.past_lists
    group by document_id, list_name
),

names as (
    select unnest([
        'document_topics',
        'document_images',
        'related_items',
        'related_images',
        'provider_images',
        'document_authors',
        'document_actions',
        'document_levels',
        'document_items',
        'field_sources',
        'document_columns',
        'field_issues'
    ]) as list_name
)

select
    lives.document_id,
    names.list_name,
    greatest(lives.first_step, coalesce(ends.last_end, 0)) as first_step
from history.lives as lives
cross join names
left join ends on ends.document_id = lives.document_id and ends.list_name = names.list_name
where lives.end_step is null and greatest(lives.first_step, coalesce(ends.last_end, 0)) > 0
