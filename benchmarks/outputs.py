"""Count the rows that a contender wrote, to compare them with the corpus."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import polars as pl

TABLES: Final = ("documents", "topics", "images", "related")
# Frontmart's names of these tables.
FRONTMART_TABLES: Final = {"topics": "document_topics", "images": "document_images", "related": "related_items"}


def row_counts(out: Path) -> dict[str, int]:
    """Rows of each table and of the coverage table, from Parquet files or a SQLite database."""
    tables = out / "published" / "tables"
    if tables.exists():
        names = {table: tables / f"{FRONTMART_TABLES.get(table, table)}.parquet" for table in TABLES}
        return _parquet_rows(names | {"coverage": out / "published" / "marts" / "coverage_by_topic.parquet"})
    if (out / "markdown.db").exists():
        return _sqlite_rows(out / "markdown.db")
    return _parquet_rows({table: out / f"{table}.parquet" for table in (*TABLES, "coverage")})


def edited_titles(out: Path, marker: str) -> int:
    """The number of documents in a Frontmart build whose title starts with a marker."""
    documents = pl.scan_parquet(out / "published" / "tables" / "documents.parquet")
    return int(documents.filter(pl.col("title").str.starts_with(marker)).select(pl.len()).collect().item())


def seconds_by_step(out: Path) -> dict[str, float]:
    """Seconds of each step of a Frontmart build; nothing for the output of a rival."""
    run = out / "published" / "run.json"
    return {str(name): float(taken) for name, taken in _read(run)["seconds"].items()} if run.exists() else {}


def _read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def _parquet_rows(files: dict[str, Path]) -> dict[str, int]:
    return {table: int(pl.scan_parquet(path).select(pl.len()).collect().item()) for table, path in files.items()}


def _sqlite_rows(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        return {
            table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in (*TABLES, "coverage")
        }
