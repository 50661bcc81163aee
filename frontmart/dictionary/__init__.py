"""Documentation of tables and columns: the data dictionary, the lineage picture and `frontmart describe`.

All of it is derived from the headers under sql/, the schemas of the tidy tables and the types that DuckDB infers, so
that it always agrees with the warehouse. Examples and row counts come from a snapshot.
"""
