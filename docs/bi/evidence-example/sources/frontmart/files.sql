-- Files by what became of them, rejects by reason.
select
    files.outcome,
    coalesce(rejects.reason, '') as reason,
    count(*) as file_count
from tidy.files as files
left join tidy.rejects as rejects on rejects.path = files.path
group by all
