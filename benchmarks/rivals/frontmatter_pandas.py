"""A rival: python-frontmatter reads, pandas makes the tables and writes Parquet.

Usage: `frontmatter_pandas SOURCE OUT`.
"""
# mypy: disable-error-code="import-untyped,import-not-found"

import sys
from pathlib import Path

import pandas as pd

from benchmarks.rivals.reading import Row, read, tables

NUMBERS = ["quality", "heat", "width", "height"]


def frame(rows: list[Row]) -> pd.DataFrame:
    """A table with typed numbers and dates; values that cannot be converted become null."""
    table = pd.DataFrame(rows)
    for column in table.columns.intersection(NUMBERS):
        table[column] = pd.to_numeric(table[column], errors="coerce").astype("Int64")
    if "published_at" in table:
        table["published_at"] = pd.to_datetime(table["published_at"], utc=True, errors="coerce", format="mixed")
    return table


def coverage(documents: pd.DataFrame, topics: pd.DataFrame) -> pd.DataFrame:
    """Coverage, a row per topic. A heat of -1 counts as missing."""
    articles = documents[["path", "provider_domain", "provider_name", "heat", "published_at"]].copy()
    articles["heat"] = articles["heat"].where(articles["heat"] >= 0)
    articles["provider"] = articles["provider_domain"] + "/" + articles["provider_name"]
    joined = topics.drop_duplicates(["path", "topic"]).merge(articles, on="path")
    grouped = joined.groupby("topic", as_index=False).agg(
        article_count=("path", "size"),
        provider_count=("provider", "nunique"),
        mean_heat=("heat", "mean"),
        first_published_at=("published_at", "min"),
        last_published_at=("published_at", "max"),
    )
    return grouped.sort_values(["article_count", "topic"], ascending=[False, True])


def main(source: str, out: str) -> None:
    """Read the files, make the tables, write them."""
    frames = {name: frame(rows) for name, rows in tables(read(Path(source))).items()}
    frames["coverage"] = coverage(frames["documents"], frames["topics"])
    for name, table in frames.items():
        table.to_parquet(Path(out) / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
