"""The tables of an earlier step, computed from a snapshot with its history: an oracle for tests."""

from pathlib import Path

import duckdb
import polars as pl

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.history.parts import scan_parts
from frontmart.snapshots.store import Snapshot
from transforms.history.versions import APPEARANCES
from transforms.tables import TABLES, polars_schema


def stored(snapshot: Snapshot, name: str) -> pl.DataFrame:
    """A tidy table as a build stored it, sorted by key; without rows if it is not stored."""
    path = snapshot.tables / f"{name}.parquet"
    schema = polars_schema(TABLES[name])
    rows = pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=schema)
    missing = [pl.lit(None, dtype).alias(each) for each, dtype in schema.items() if each not in rows.columns]
    return rows.with_columns(missing).select(schema.names()).sort(TABLES[name].primary_key())


def state_at(snapshot: Snapshot, step: int, name: str) -> pl.DataFrame:
    """A tidy table as it was at a step: the versions and lists of then, and what has not changed since."""
    if name in ("documents", "rejects"):
        return _versions(snapshot, step, name)
    return _children(snapshot, step, name)


def _versions(snapshot: Snapshot, step: int, name: str) -> pl.DataFrame:
    past = scan_parts(snapshot.folder, f"past_{name}").filter(_holds(step)).collect()
    current = stored(snapshot, name)
    changes = scan_parts(snapshot.folder, "document_changes").collect()
    later = changes.filter(pl.col("step") > step)["document_id"]
    present = current.filter(~pl.col("document_id").is_in(later.implode()))
    return pl.concat([past.select(current.columns), present]).sort("document_id")


def _children(snapshot: Snapshot, step: int, name: str) -> pl.DataFrame:
    schema, current = polars_schema(TABLES[name]), stored(snapshot, name)
    lists = scan_parts(snapshot.folder, "past_lists").filter(pl.col("list_name") == name).collect()
    changes = scan_parts(snapshot.folder, "document_changes").collect()
    begun = changes.filter(pl.col("change").is_in(APPEARANCES), pl.col("step") > step)["document_id"]
    ended = lists.filter(pl.col("valid_to") > step)["document_id"]
    present = current.filter(~pl.col("document_id").is_in(pl.concat([begun, ended]).implode()))
    items = scan_parts(snapshot.folder, f"past_{name}").collect()
    held = lists.filter(_holds(step), pl.col("item_ids") != "").select(
        "document_id", item_id=pl.col("item_ids").str.split(" "), place=pl.col("positions").str.split(" ")
    )
    if "position" not in schema:
        held = held.with_columns(place=pl.col("item_id"))
    rows = held.explode("item_id", "place").join(items, on="item_id", how="left")
    if "position" in schema:
        rows = rows.with_columns(position=pl.col("place").str.extract(r"(\d+)$").cast(pl.Int32))
    if "related_position" in schema:
        rows = rows.with_columns(related_position=pl.col("place").str.extract(r"^(-?\d+)\.").cast(pl.Int32))
    if name == "field_issues":
        rows = rows.join(_versions(snapshot, step, "documents").select("document_id", "path"), on="document_id")
    return pl.concat([rows.select(schema.names()), present]).sort(TABLES[name].primary_key())


def _holds(step: int) -> pl.Expr:
    return (pl.col("valid_from") <= step) & (pl.col("valid_to") > step)


def warehouse_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the tables of the history in a warehouse, in the order in which they are stored."""
    with duckdb.connect(path, read_only=True) as con:
        return {name: con.execute(f"from tidy.{name}").fetchall() for name in HISTORY_INPUTS}


COMPARED = ("documents", "rejects", *CHILD_TABLES)
