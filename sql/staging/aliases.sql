-- The entries of the reviewed file of organisations and topics.
--
-- Grain: an alias.
-- Key: kind, alias
-- Columns:
--   kind
--   alias
--   target
select
    kind,
    alias,
    target
from tidy.aliases
