-- The keys that fill each field, and in how many documents: which key is the date, the topics, the image.
--
-- With the preset `smartable` each field has the one key that field_completeness names, and the mart has
-- no rows.
--
-- With the preset `generic`, marts.field_completeness has the fields that are here, and names all keys of
-- each. A document whose key has a value of another kind, such as a text that is no date, counts there as
-- one without the key.
--
-- Grain: a field and a key that fills it.
-- Key: field, key
-- Columns:
--   field
--   key: The key in the files, with those above it, such as extra.updated; `:path`, `:filename`,
--     `:folder:1` or `:value` if the path of the document or a constant fills the field.
--   is_key: Whether it is a key of the files.
--   document_count: Documents in which the key fills the field. Several keys can fill the topics of one.
--   document_share: Share (0..1) of all documents in which the key fills the field.
with documents as (
    select count(*) as document_count
    from staging.documents
)

select
    keys.field,
    keys.key,
    not starts_with(keys.key, ':') as is_key,
    keys.document_count,
    keys.document_count / documents.document_count as document_share
from staging.field_keys as keys
cross join documents
where keys.document_count is not null
