"""Lists of a document, such as its topics, folded into one row each: the ids of the items, and their positions."""

from hashlib import blake2b
from typing import Final

import polars as pl

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from transforms.tables import TABLES

# A list of a document at one time.
LIST_SCHEMA: Final = pl.Schema(
    {"document_id": pl.String(), "list_name": pl.String(), "item_ids": pl.String(), "positions": pl.String()}
)
_ID_BYTES: Final = 8


def fold_lists(tables: dict[str, pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Fold rows of the child tables -> the lists of each document that are not empty, and the items by table.

    Rows are those of whole documents. Items are unique, and have the columns of `past_<table>`.
    """
    folded = {name: _fold(name, tables[name]) for name in CHILD_TABLES if name in tables and len(tables[name])}
    lists = [lists for lists, _ in folded.values()]
    return (
        pl.concat(lists) if lists else pl.DataFrame(schema=LIST_SCHEMA),
        {name: items for name, (_, items) in folded.items()},
    )


def _fold(name: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    key = TABLES[name].primary_key()
    columns = HISTORY_INPUTS[f"past_{name}"].column_names()
    identified = rows.sort(key).with_columns(item_id=_ids(rows.sort(key).select(columns[1:])))
    positions = _position(key)
    joined = pl.col("position_text").str.join(" ") if positions is not None else pl.lit("")
    lists = (
        identified.with_columns(position_text=pl.lit("") if positions is None else positions)
        .group_by("document_id", maintain_order=True)
        .agg(item_ids=pl.col("item_id").str.join(" "), positions=joined.first() if positions is None else joined)
        .select("document_id", pl.lit(name).alias("list_name"), "item_ids", "positions")
    )
    return lists, identified.select(columns).unique("item_id", keep="first", maintain_order=True)


def _ids(rows: pl.DataFrame) -> pl.Series:
    """The id of each row: a hash of its values as JSON, in the order of the columns."""
    texts = rows.select(text=pl.struct(pl.all()).struct.json_encode()).to_series()
    known = {text: blake2b(text.encode(), digest_size=_ID_BYTES).hexdigest() for text in texts.unique()}
    return pl.Series([known[text] for text in texts], dtype=pl.String())


def _position(key: list[str]) -> pl.Expr | None:
    if "position" not in key:
        return None
    places = [pl.col(name).cast(pl.String()) for name in ("related_position", "position") if name in key]
    return pl.concat_str(places, separator=".")
