"""The catalog: what sql/ and the schemas declare of tables, columns, keys, units and lineage."""
