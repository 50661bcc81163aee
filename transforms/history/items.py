"""Lists of a document, such as its topics, folded into one row each: the ids of the items, and their positions."""

from hashlib import blake2b
from typing import Final

import polars as pl

from transforms.tables import TABLES, polars_schema

# The tidy tables with rows of a document, whose past rows are lists of items.
CHILD_TABLES: Final = tuple(name for name in TABLES if name not in ("documents", "files", "rejects"))
# A list of a document at one time.
LIST_SCHEMA: Final = pl.Schema(
    {"document_id": pl.String(), "list_name": pl.String(), "item_ids": pl.String(), "positions": pl.String()}
)
_OF_LISTS: Final = ("document_id", "related_position", "position")
_ID_BYTES: Final = 8


def item_columns(table: str) -> list[str]:
    """The columns of an item of a child table: those that do not say which document has it, and where."""
    left_out = (*_OF_LISTS, "path") if table == "field_issues" else _OF_LISTS
    return [name for name in TABLES[table].column_names() if name not in left_out]


def fold_lists(tables: dict[str, pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Fold rows of the child tables -> the lists of each document that are not empty, and the items by table.

    Rows are those of whole documents; a document_id may be that of one version. Lists are in LIST_SCHEMA. Items are
    unique: item_id, and the columns of `item_columns`.
    """
    folded = {name: _fold(name, tables[name]) for name in CHILD_TABLES if name in tables and len(tables[name])}
    lists = [lists for lists, _ in folded.values()]
    return (
        pl.concat(lists) if lists else pl.DataFrame(schema=LIST_SCHEMA),
        {name: items for name, (_, items) in folded.items()},
    )


def unfold_list(table: str, lists: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The rows of a child table that lists have: the inverse of `fold_lists`, but for the path in field_issues.

    Args:
        table: the child table.
        lists: in LIST_SCHEMA; those of other tables, and empty ones, do not matter.
        items: the items of the table.
    """
    own = lists.filter(pl.col("list_name") == table, pl.col("item_ids") != "")
    ids = own.select("document_id", pl.col("item_ids").str.split(" ").alias("item_id"))
    places = [name for name in _OF_LISTS[1:] if name in TABLES[table].column_names()]
    if places:
        ids = ids.with_columns(place=own["positions"].str.split(" "))
        numbers = pl.col("place").str.split(".").list
        rows = ids.explode("item_id", "place").with_columns(
            numbers.get(at).cast(pl.Int32).alias(name) for at, name in enumerate(places)
        )
    else:
        rows = ids.explode("item_id")
    columns = [name for name in TABLES[table].column_names() if name in (*_OF_LISTS, *item_columns(table))]
    return rows.join(items, on="item_id", how="left").select(columns).sort(TABLES[table].primary_key())


def no_items(table: str) -> pl.DataFrame:
    """A frame of items without rows."""
    schema = polars_schema(TABLES[table])
    return pl.DataFrame(schema={"item_id": pl.String()} | {name: schema[name] for name in item_columns(table)})


def _fold(name: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    key = TABLES[name].primary_key()
    ordered = rows.sort(key)
    identified = ordered.with_columns(item_id=_ids(ordered.select(item_columns(name))))
    positions = _position(key)
    joined = pl.col("position_text").str.join(" ") if positions is not None else pl.lit("").first()
    lists = (
        identified.with_columns(position_text=pl.lit("") if positions is None else positions)
        .group_by("document_id", maintain_order=True)
        .agg(item_ids=pl.col("item_id").str.join(" "), positions=joined)
        .select("document_id", pl.lit(name).alias("list_name"), "item_ids", "positions")
    )
    items = identified.select("item_id", *item_columns(name))
    return lists, items.unique("item_id", keep="first", maintain_order=True)


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
