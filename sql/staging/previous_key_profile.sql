-- Which keys the files wrote when the snapshot published before was built; see core.key_profile.
--
-- Grain: a type of document, a key, and a kind of value or one of the two sums of kinds.
-- Key: document_type, key, value_kind
-- Columns:
--   document_type: Kind of document as written, or `(none)`.
--   key: The key as the files called it, with those above it.
--   value_kind: The kind of value, or `any` or `value` for their sums.
--   document_count: Documents of the type with such a value under the key.
select
    document_type,
    key,
    value_kind,
    document_count
from tidy.previous_key_profile
