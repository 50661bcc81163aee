"""Frontmart: a folder of front-matter files becomes tidy tables, a DuckDB warehouse and Parquet marts."""
