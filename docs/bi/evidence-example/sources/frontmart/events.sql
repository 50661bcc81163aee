-- Events, with the link of the article that names each.
-- One row of NULLs if there is none: Evidence keeps no table without rows.
select
    events.event_id,
    if(events.title is null and events.event_id is not null, '(without a title)', events.title) as title,
    if(regexp_matches(heads.canonical_url, '^https?://'), heads.canonical_url, null) as url,
    events.article_count,
    events.provider_count,
    events.organisation_count,
    events.first_organisation_id,
    events.first_organisation_count,
    events.first_published_at,
    events.last_published_at,
    events.span_hours
from (select 1) as always
left join core.events as events on true
left join core.articles as heads on heads.document_id = events.head_document_id
