-- How long each document that is there has been unchanged, with its section and its authors.
--
-- On censoring: a document that did not change since the first step may be older than the history: its
-- days_unchanged are a lower bound (is_left_censored). is_stale is NULL for it while the history is shorter
-- than a year. Do not trust a ranking of sections while most of their documents are left-censored.
--
-- Grain: a document that the last step has.
-- Key: document_id
-- Order: days_unchanged desc
-- Columns:
--   document_id
--   path
--   title
--   section: The folders of the path, without the name of the file; `(top)` at the top of the source.
--   author_group: Its authors in the order of the alphabet, separated by commas; `(none)` if it names none.
--   last_changed_at?: When something stored changed last, or it came (UTC); NULL if nothing did since the
--     first step.
--   days_unchanged: Days from last_changed_at, or the first step, to the last step.
--   is_stale?: Whether nothing changed for 365 days; NULL if the history is too short to know.
--   is_left_censored: Whether it is as the first step had it.
--   history_days: Days from the first step to the last.
with authors as (
    select
        document_id,
        string_agg(distinct written_name, ', ' order by written_name) as author_group
    from staging.document_authors
    group by document_id
)

select
    versions.document_id,
    versions.path,
    versions.title,
    coalesce(nullif(regexp_extract(versions.path, '^(.*)/[^/]*$', 1), ''), '(top)') as section,
    coalesce(authors.author_group, '(none)') as author_group,
    if(versions.is_left_censored, null, versions.valid_from_at) as last_changed_at,
    greatest(date_diff('second', versions.valid_from_at, span.last_at), 0) / 86400 as days_unchanged,
    case
        when date_diff('second', versions.valid_from_at, span.last_at) >= 365 * 86400 then true
        when not versions.is_left_censored then false
    end as is_stale,
    versions.is_left_censored,
    span.history_days
from history.document_versions as versions
cross join history.span as span
left join authors on authors.document_id = versions.document_id
where versions.is_right_censored
