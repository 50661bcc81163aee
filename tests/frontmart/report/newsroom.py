"""A corpus of a few articles whose report can be checked by hand, and its tables with other values."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from frontmart.report.queries import Tables, run_report_queries
from tests.sql.frames import Rows, document, reject, warehouse_of


def tables_of(folder: Path, documents: Sequence[Rows]) -> Tables:
    with warehouse_of(folder, documents, is_as_of_given=False):
        pass
    return run_report_queries(folder / "warehouse.duckdb", "512MB")


def newsroom() -> list[Rows]:
    """Two topics in two weeks to 30 January; two providers report one event; a course, and a file that is rejected."""
    days = {"A": (20, 27, 28, 29, 30), "B": (16, 19, 20, 21, 22, 28)}
    articles = [
        document(
            f"{topic}{day}", topics=[topic], provider="p.com/big", published=f"2026-01-{day}", images=["https://i"]
        )
        for topic, found in days.items()
        for day in found
    ]
    one = document("one", excerpt="Bridge", title="The bridge", provider="q.com/small", published="2026-01-26T06:00")
    return [
        *articles,
        one,
        document("two", excerpt="Bridge", provider="p.com/big", published="2026-01-29T18:00"),
        document("course", type="course", topics=["A"], published="2026-01-29", provider="p.com/big"),
        reject("bad"),
    ]


def with_scope(tables: Tables, **columns: object) -> Tables:
    """The tables with other values in their scope."""
    return {**tables, "scope": tables["scope"].with_columns(**{name: pl.lit(value) for name, value in columns.items()})}
