-- One row of NULLs if there is none: Evidence keeps no table without rows.
select
    organisations.organisation_id,
    organisations.organisation_name,
    organisations.article_count
from (select 1) as always
left join core.dim_organisations as organisations on true
