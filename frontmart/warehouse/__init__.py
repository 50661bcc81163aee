"""The DuckDB warehouse: load it, run the models and checks, write Parquet files, and query it read-only."""
