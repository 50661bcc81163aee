"""A rival: python-frontmatter reads, Polars makes the tables and writes Parquet.

Usage: `frontmatter_polars SOURCE OUT`.
"""

import datetime as dt
import sys
from pathlib import Path

import polars as pl

from benchmarks.rivals.reading import DOCUMENT, IMAGE, RELATED, Row, read, tables

TEXT = {"path": pl.String(), "provider_name": pl.String(), "provider_domain": pl.String(), "topic": pl.String()}
TYPES: dict[str, pl.DataType] = {
    **dict.fromkeys((*DOCUMENT, *RELATED, *IMAGE), pl.String()),
    **TEXT,
    **dict.fromkeys(("quality", "heat", "width", "height", "position", "related_position"), pl.Int64()),
    **dict.fromkeys(("published", "isCached"), pl.Boolean()),
    "published_at": pl.Datetime(time_zone="UTC"),
}


def frame(rows: list[Row]) -> pl.DataFrame:
    """A table with declared types; values that do not fit become null."""
    columns = {column: [row[column] for row in rows] for column in rows[0]}
    if "published_at" in columns:
        columns["published_at"] = [utc(value) for value in columns["published_at"]]
    return pl.DataFrame(columns, schema={column: TYPES[column] for column in columns}, strict=False)


def utc(value: object) -> dt.datetime | None:
    """A date as the YAML loader returns it, as a UTC datetime; None if it is not a date."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC) if isinstance(value, dt.date) else None


def coverage(documents: pl.DataFrame, topics: pl.DataFrame) -> pl.DataFrame:
    """Coverage, a row per topic. A heat of -1 counts as missing."""
    articles = documents.select(
        "path",
        "published_at",
        heat=pl.when(pl.col("heat") >= 0).then("heat"),
        provider=pl.concat_str("provider_domain", "provider_name", separator="/"),
    )
    return (
        topics.unique(["path", "topic"])
        .join(articles, on="path")
        .group_by("topic")
        .agg(
            article_count=pl.len(),
            provider_count=pl.col("provider").drop_nulls().n_unique(),
            mean_heat=pl.col("heat").mean(),
            first_published_at=pl.col("published_at").min(),
            last_published_at=pl.col("published_at").max(),
        )
        .sort("article_count", "topic", descending=[True, False])
    )


def main(source: str, out: str) -> None:
    """Read the files, make the tables, write them."""
    frames = {name: frame(rows) for name, rows in tables(read(Path(source))).items()}
    frames["coverage"] = coverage(frames["documents"], frames["topics"])
    for name, table in frames.items():
        table.write_parquet(Path(out) / f"{name}.parquet")


if __name__ == "__main__":
    main(*sys.argv[1:])
