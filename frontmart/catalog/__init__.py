"""The catalog: the tables, columns, keys, units and lineage that sql/ and the schemas declare."""
