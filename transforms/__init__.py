"""Pure functions: bytes or frame in, frame out. No files, no Prefect, no DuckDB."""
