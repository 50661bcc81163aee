-- Values of the columns that a mapping file adds, as text that casts to the type of the column.
--
-- Grain: a document and a column.
-- Key: document_id, column_name
-- Columns:
--   document_id
--   column_name
--   typed_value
select
    document_id,
    column_name,
    typed_value
from tidy.document_columns
