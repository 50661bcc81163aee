"""Small histories written by hand: steps, changes and past rows beside the current documents of `frames`.

A document is called by one short word, as in `frames`. Step 0 is of 2024-01-01, and each later one a day after.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.catalog.models import read_macros, read_models
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.events import run_all_models
from frontmart.warehouse.macros import create_macros
from tests.sql.frames import SQL, Rows, document, needed, warehouse_of
from transforms.tables import polars_schema

FIRST_DAY = dt.datetime(2024, 1, 1, 12)


def day(step: int) -> dt.datetime:
    """The time of a step."""
    return FIRST_DAY + dt.timedelta(days=step)


def steps(count: int) -> list[dict[str, object]]:
    """Commits, a day apart: commit 3 begins with `0000003`."""
    return [
        {
            "step": step,
            "step_kind": "commit",
            "commit_id": f"{step:07x}".ljust(40, "a"),
            "committed_at": day(step),
            "authored_at": day(step),
        }
        for step in range(count)
    ]


def change(step: int, document_id: str, kind: str, **columns: object) -> dict[str, object]:
    """A row of document_changes."""
    return {"step": step, "document_id": document_id, "path": f"{document_id}.md", "change": kind, **columns}


def past(document_id: str, valid_from: int, valid_to: int, **columns: object) -> dict[str, object]:
    """A version that is over."""
    row = document(document_id, **columns)["documents"][0]  # type: ignore[arg-type]
    return {**row, "valid_from": valid_from, "valid_to": valid_to}


def past_list(
    document_id: str, list_name: str, valid_from: int, valid_to: int, items: Sequence[str]
) -> dict[str, object]:
    """A list that is over; items are words, see `item_id`."""
    return {
        "document_id": document_id,
        "list_name": list_name,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "item_ids": " ".join(map(item_id, items)),
        "positions": " ".join(str(place) for place in range(len(items))),
    }


def item_id(word: str) -> str:
    """The id of an item that a test calls by a word."""
    return word.encode().hex().ljust(16, "0")[:16]


@contextmanager
def history_of_rows(
    folder: Path, documents: Iterable[Rows], rows: Mapping[str, Sequence[Mapping[str, object]]], *models: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of current documents and of a past, given as rows by input table, with its macros."""
    with warehouse_of(folder, documents, "staging.build"):
        pass
    with open_warehouse(folder / "warehouse.duckdb", temp_directory=folder / "spill", threads=2) as con:
        for table, found in rows.items():
            frame = pl.DataFrame(list(found), schema=polars_schema(HISTORY_INPUTS[table]))
            con.register("given", frame)
            con.execute(f"insert into tidy.{table} from given")
            con.unregister("given")
        con.execute("truncate tidy.article_kinds; drop view staging.build")
        run_all_models(con, needed(models))
        if not models:
            create_macros(con, read_macros(SQL, read_models(SQL)))
        yield con
