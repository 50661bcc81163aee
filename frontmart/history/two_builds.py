"""The rows that a build adds to the history: what differs between two builds, and the versions that end by it."""

from dataclasses import dataclass

import polars as pl

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.history.starts import Starts
from transforms.history.items import LIST_SCHEMA, fold_lists
from transforms.history.renames import with_renames
from transforms.history.versions import kind_of_change
from transforms.tidy.documents import COLLECTION


@dataclass(frozen=True, slots=True)
class Difference:
    """Two builds, as far as they differ.

    Attributes:
        files: a row per file that was written or whose outcome is another: document_id, path, is_written, is_changed,
            and old_outcome and outcome, NULL for a file that is not there.
        old: the rows of changed documents in the earlier build, by tidy table; also those of changed rejects.
        new: the rows of changed documents in the later build.
    """

    files: pl.DataFrame
    old: dict[str, pl.DataFrame]
    new: dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The history before the step, of the documents that change at it.

    Attributes:
        starts: when their present versions and lists began.
        item_ids: the ids of the items of the history, by child table in which any of them had rows.
    """

    starts: Starts
    item_ids: dict[str, pl.Series]


def rows_of_step(step: int, found: Difference, earlier: Earlier) -> dict[str, pl.DataFrame]:
    """The rows that a step adds to the tables of the history, all but `steps`."""
    changes = _changes(step, found, earlier)
    return {
        "document_changes": changes,
        "writes": _writes(step, found.files),
        "past_documents": _past(step, "past_documents", found.old["documents"], earlier),
        "past_rejects": _past(step, "past_rejects", found.old["rejects"], earlier),
        **_lists(step, found, earlier),
    }


def _changes(step: int, found: Difference, earlier: Earlier) -> pl.DataFrame:
    former = earlier.starts.versions.select("document_id", had_document="is_former")
    described = _described(found).join(former, on="document_id", how="left")
    changes = described.with_columns(step=pl.lit(step, pl.Int64()), collection=COLLECTION)
    renamed = with_renames(changes.with_columns(change=kind_of_change()))
    return renamed.select(HISTORY_INPUTS["document_changes"].column_names()).sort("document_id")


def _described(found: Difference) -> pl.DataFrame:
    """The changed files, with what tells renamed and swapped documents, of both builds."""
    names = ("content_hash", "canonical_url", "provider_id")
    new = found.new["documents"].select("document_id", *names)
    old = found.old["documents"].select("document_id", *(pl.col(name).alias(f"old_{name}") for name in names))
    changed = found.files.filter("is_changed")
    return changed.join(new, on="document_id", how="left").join(old, on="document_id", how="left")


def _writes(step: int, files: pl.DataFrame) -> pl.DataFrame:
    return (
        files.filter("is_written")
        .group_by(collection=COLLECTION.fill_null(""))
        .agg(
            step=pl.lit(step, pl.Int64()),
            write_count=pl.len().cast(pl.Int64()),
            meaningless_count=(~pl.col("is_changed")).sum().cast(pl.Int64()),
        )
        .select(HISTORY_INPUTS["writes"].column_names())
        .sort("collection")
    )


def _past(step: int, table: str, rows: pl.DataFrame, earlier: Earlier) -> pl.DataFrame:
    return (
        rows.join(earlier.starts.versions.select("document_id", "valid_from"), on="document_id", how="left")
        .with_columns(pl.col("valid_from").fill_null(0), valid_to=pl.lit(step, pl.Int64()))
        .select(HISTORY_INPUTS[table].column_names())
    )


def _lists(step: int, found: Difference, earlier: Earlier) -> dict[str, pl.DataFrame]:
    """The lists that end at the step, and those of their items that the history does not have yet."""
    old, old_items = fold_lists(found.old)
    new, _ = fold_lists(found.new)
    names = pl.DataFrame({"list_name": CHILD_TABLES}, schema={"list_name": pl.String()})
    stays = found.new["documents"].select("document_id", stays=pl.lit(value=True))
    known = found.old["documents"].select("document_id").join(names, how="cross")
    on = ["document_id", "list_name"]
    values = [pl.col(name).fill_null("") for name in LIST_SCHEMA if name not in on]
    new_values = [pl.col(f"new_{name}").fill_null("") for name in LIST_SCHEMA if name not in on]
    ended = (
        known.join(old, on=on, how="left")
        .join(new.rename({name: f"new_{name}" for name in LIST_SCHEMA if name not in on}), on=on, how="left")
        .join(stays, on="document_id", how="left")
        .with_columns(*values, *new_values, pl.col("stays").fill_null(value=False))
        .filter(
            pl.when("stays")
            .then((pl.col("item_ids") != pl.col("new_item_ids")) | (pl.col("positions") != pl.col("new_positions")))
            .otherwise(pl.col("item_ids") != "")
        )
        .join(earlier.starts.lists, on=on, how="left")
        .join(earlier.starts.versions.select("document_id", "appeared"), on="document_id", how="left")
        .with_columns(
            valid_from=pl.max_horizontal(pl.col("list_from").fill_null(0), pl.col("appeared").fill_null(0)),
            valid_to=pl.lit(step, pl.Int64()),
        )
        .select(HISTORY_INPUTS["past_lists"].column_names())
    )
    return {"past_lists": ended, **_items(ended, old_items, earlier)}


def _items(ended: pl.DataFrame, items: dict[str, pl.DataFrame], earlier: Earlier) -> dict[str, pl.DataFrame]:
    found = {}
    for name, rows in items.items():
        used = ended.filter(pl.col("list_name") == name)["item_ids"].str.split(" ").explode().unique()
        is_new = pl.col("item_id").is_in(used.implode()) & ~pl.col("item_id").is_in(earlier.item_ids[name].implode())
        found[f"past_{name}"] = rows.filter(is_new)
    return found
