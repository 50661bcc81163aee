"""A rival: dlt loads the files into DuckDB, where SQL computes the coverage and writes Parquet.

Usage: `dlt_duckdb SOURCE OUT`. As in dlt's documentation, a resource yields pages of documents, and each nested list
becomes a child table.
"""
# mypy: disable-error-code="import-untyped,import-not-found,untyped-decorator"

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dlt
import duckdb

from benchmarks.rivals.reading import Row, entries, read

PAGE = 1_000
TABLES = {
    "documents": "documents",
    "topics": "documents__topics",
    "images": "documents__images",
    "related": "documents__related",
    "related_images": "documents__related__images",
}
COVERAGE = """
    with documents as (select *, try_cast(published_date_time as timestamptz) as published_at from articles.documents),
    pairs as (select distinct _dlt_parent_id as id, value as topic from articles.documents__topics)
    select
        topic,
        count(*) as article_count,
        count(distinct provider__domain || '/' || provider__name) as provider_count,
        avg(heat) filter (where heat >= 0) as mean_heat,
        min(published_at) as first_published_at,
        max(published_at) as last_published_at
    from pairs
    inner join documents on documents._dlt_id = pairs.id
    group by topic
    order by article_count desc, topic
"""


@dlt.resource(name="documents", write_disposition="replace")
def pages(source: Path) -> Iterator[list[Row]]:
    """Pages of documents, with single values of list fields turned into lists."""
    documents = read(source)
    while page := list(islice(documents, PAGE)):
        for fields in page:
            fields |= {name: entries(fields.get(name)) for name in ("topics", "images", "related")}
        yield page


def main(source: str, out: str) -> None:
    """Load the documents, then write the tables and the coverage."""
    database = Path(out) / "news.duckdb"
    pipeline = dlt.pipeline(
        "news",
        destination=dlt.destinations.duckdb(str(database)),
        dataset_name="articles",
        pipelines_dir=str(Path(out) / "pipelines"),
    )
    pipeline.run(pages(Path(source)))
    with duckdb.connect(str(database)) as connection:
        for name, table in TABLES.items():
            connection.execute(f"copy articles.{table} to '{out}/{name}.parquet'")
        connection.execute(f"copy ({COVERAGE}) to '{out}/coverage.parquet'")


if __name__ == "__main__":
    main(*sys.argv[1:])
