-- With a number for each type of document, the most frequent first: a type is any text, which a filter cannot quote.
select
    type,
    dense_rank() over (order by document_count desc, type) as type_number,
    field,
    source_field,
    document_count,
    present_count,
    empty_count,
    refused_count,
    null_count,
    absent_count
from marts.field_completeness
