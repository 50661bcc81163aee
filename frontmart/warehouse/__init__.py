"""The DuckDB warehouse: loaded, modelled, checked, written to Parquet, and read without write access."""
