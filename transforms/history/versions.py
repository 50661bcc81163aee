"""Versions of documents: what the outcomes of writes say about what began, what ended, and what a step changed.

A version begins where what is stored differs: another outcome, another content hash of a document, or another reason,
message or place of a reject. All other writes mean nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.tables import TABLES, polars_schema
from transforms.tidy.documents import COLLECTION

# The outcome of a write, one row per path and step. Steps of a path are in order.
OUTCOME_SCHEMA: Final = pl.Schema(
    {
        "path": pl.String(),
        "document_id": pl.String(),
        # The step; of an earlier state, the step at which the present version began.
        "step": pl.Int64(),
        # Whether it is the state of the path before the first step, and no write. At most the first row of a path.
        "is_earlier": pl.Boolean(),
        # Of an earlier state: when the document appeared, and whether the path had a document that is over.
        "appeared": pl.Int64(),
        "is_former": pl.Boolean(),
        # document, reject, skipped, or removed: there is no file.
        "outcome": pl.String(),
        # The content of a document: its document_id in `Contents`. Versions of a path may have the same.
        "content": pl.String(),
        "content_hash": pl.String(),
        "reason": pl.String(),
        "message": pl.String(),
        "line": pl.Int64(),
        "column": pl.Int64(),
    }
)
# The columns of `Versions.changes`: those of document_changes but the renames, and what finds these.
CHANGE_SCHEMA: Final = pl.Schema(
    {
        "step": pl.Int64(),
        "document_id": pl.String(),
        "path": pl.String(),
        "collection": pl.String(),
        "change": pl.String(),
        "content_hash": pl.String(),
        "canonical_url": pl.String(),
        "old_content_hash": pl.String(),
        "old_canonical_url": pl.String(),
    }
)
# Changes by which a document is there that was not before: its lists begin with them.
APPEARANCES: Final = ("added", "restored", "readable", "renamed")
STARTS_SCHEMA: Final = pl.Schema({"document_id": pl.String(), "list_name": pl.String(), "list_from": pl.Int64()})
_REJECT: Final = ("reason", "message", "line", "column")
_IS_DOCUMENT: Final = pl.col("outcome").eq_missing("document")
_WAS_DOCUMENT: Final = pl.col("old_outcome").eq_missing("document")
_LIST: Final = ("item_ids", "positions")


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of documents: rows of tidy tables whose document_id is that of the content.

    Attributes:
        documents: a row per content, as in tidy.documents.
        lists: its lists that are not empty, see `items.LIST_SCHEMA`.
    """

    documents: pl.DataFrame
    lists: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Versions:
    """What the writes of some paths say.

    Attributes:
        changes: a row per step and document that changed (CHANGE_SCHEMA); the kind is never `renamed` yet.
        writes: a row per step and collection: step, collection, write_count, meaningless_count.
        documents: a row per version of a document that is over: document_id, valid_from, valid_to, and the columns of
            tidy.documents.
        rejects: a row per reject that is over, likewise.
        lists: a row per list that is over: document_id, list_name, valid_from, valid_to, item_ids, positions.
    """

    changes: pl.DataFrame
    writes: pl.DataFrame
    documents: pl.DataFrame
    rejects: pl.DataFrame
    lists: pl.DataFrame


def find_versions(outcomes: pl.DataFrame, contents: Contents, starts: pl.DataFrame) -> Versions:
    """Find the versions of paths.

    Args:
        outcomes: what came of each write, all of a path (OUTCOME_SCHEMA), sorted by path and step.
        contents: the documents and their lists.
        starts: when the lists of earlier states began, if another one had ended (STARTS_SCHEMA).
    """
    compared = _compared(outcomes)
    versions = _placed(compared.filter(pl.col("is_earlier") | pl.col("is_changed")))
    over = versions.filter(pl.col("valid_to").is_not_null())
    return Versions(
        _changes(versions, contents.documents),
        _writes(compared),
        _past_documents(over, contents.documents),
        _past_rejects(over),
        _past_lists(versions.filter(_IS_DOCUMENT), contents.lists, starts),
    )


def _compared(outcomes: pl.DataFrame) -> pl.DataFrame:
    """The outcomes, each with that of the write before (removed before the first), and whether it is a change."""
    old = [pl.col(name).shift(1).over("path").alias(f"old_{name}") for name in ("outcome", "content_hash", *_REJECT)]
    kinds = [pl.col(name).replace({"skipped": "removed"}) for name in ("outcome", "old_outcome")]
    is_other_reject = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"old_{name}")) for name in _REJECT)
    return (
        outcomes.with_columns(old)
        .with_columns(pl.col("old_outcome").fill_null("removed"))
        .with_columns(
            is_changed=(kinds[0] != kinds[1])
            | (_IS_DOCUMENT & pl.col("content_hash").ne_missing(pl.col("old_content_hash")))
            | ((pl.col("outcome") == "reject") & is_other_reject)
        )
    )


def _placed(changed: pl.DataFrame) -> pl.DataFrame:
    """The versions: valid_from, valid_to (null: is current), when the document appeared, and what was before."""
    # Outcomes that are no change are gone, so the row before is the version before.
    known = changed.with_columns(
        valid_from=pl.col("step"),
        valid_to=pl.col("step").shift(-1).over("path"),
        next_outcome=pl.col("outcome").shift(-1).over("path"),
        old_outcome=pl.col("outcome").shift(1).over("path").fill_null("removed"),
        old_content=pl.col("content").shift(1).over("path"),
        had_document=(_IS_DOCUMENT | pl.col("is_former")).cum_max().shift(1).over("path").fill_null(value=False),
    )
    appeared = pl.when("is_earlier").then("appeared").when(_IS_DOCUMENT & ~_WAS_DOCUMENT).then("step")
    return known.with_columns(appeared=appeared.forward_fill().over("path"))


def _changes(versions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    told = documents.select(pl.col("document_id").alias("content"), "canonical_url", "provider_id")
    former = documents.select(
        pl.col("document_id").alias("old_content"),
        pl.col("content_hash", "canonical_url", "provider_id").name.prefix("old_"),
    )
    changes = (
        versions.filter(~pl.col("is_earlier"))
        .drop("old_content_hash")
        .join(told, on="content", how="left", maintain_order="left")
        .join(former, on="old_content", how="left", maintain_order="left")
    )
    return changes.with_columns(COLLECTION.alias("collection"), kind_of_change().alias("change")).select(
        CHANGE_SCHEMA.names()
    )


def kind_of_change() -> pl.Expr:
    """The kind of a change, never `renamed`: whether a document came, went or is another, and how.

    Of a frame with outcome and old_outcome (anything else than document and reject, NULL too, is no file of interest),
    canonical_url, provider_id, both again with `old_`, and had_document: whether the path had one that is over.
    """
    has_other_url = (pl.col("canonical_url") != pl.col("old_canonical_url")).fill_null(value=False)
    is_swapped = has_other_url & pl.col("provider_id").ne_missing(pl.col("old_provider_id"))
    return (
        pl.when(pl.col("outcome") == "reject")
        .then(pl.lit("refused"))
        .when(~_IS_DOCUMENT)
        .then(pl.lit("removed"))
        .when(pl.col("old_outcome") == "reject")
        .then(pl.lit("readable"))
        .when(_WAS_DOCUMENT & is_swapped)
        .then(pl.lit("swapped"))
        .when(_WAS_DOCUMENT)
        .then(pl.lit("changed"))
        .when("had_document")
        .then(pl.lit("restored"))
        .otherwise(pl.lit("added"))
    )


def _writes(compared: pl.DataFrame) -> pl.DataFrame:
    return (
        compared.filter(~pl.col("is_earlier"))
        .group_by("step", COLLECTION.fill_null("").alias("collection"))
        .agg(
            write_count=pl.len().cast(pl.Int64()),
            meaningless_count=(~pl.col("is_changed")).sum().cast(pl.Int64()),
        )
        .sort("step", "collection")
    )


def _past_documents(over: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in TABLES["documents"].column_names() if name != "document_id"]
    return (
        over.filter(_IS_DOCUMENT)
        .select("document_id", "valid_from", "valid_to", "content")
        .join(documents.rename({"document_id": "content"}), on="content", how="left", maintain_order="left")
        .select("document_id", "valid_from", "valid_to", *columns)
    )


def _past_rejects(over: pl.DataFrame) -> pl.DataFrame:
    schema = polars_schema(TABLES["rejects"])
    columns = [pl.col(name).cast(dtype) for name, dtype in schema.items() if name != "document_id"]
    return over.filter(pl.col("outcome") == "reject").select("document_id", "valid_from", "valid_to", *columns)


def _past_lists(versions: pl.DataFrame, lists: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """The lists that are over, given the versions that are documents.

    A list ends where the next version of the document has another one, or where the document goes, if it has items.
    """
    filled = _lists_of(versions, lists, lists["list_name"].unique(maintain_order=True))
    run = ["document_id", "appeared", "list_name"]
    ordered = filled.sort(*run, "valid_from").join(starts, on=["document_id", "list_name"], how="left")
    is_same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1).over(run)) for name in _LIST)
    began = pl.when("is_earlier").then(pl.max_horizontal("list_from", "appeared")).otherwise("valid_from")
    is_next = [pl.col(name).eq_missing(pl.col(name).shift(-1).over(run)) for name in _LIST]
    stays = pl.col("next_outcome") == "document"
    return (
        ordered.with_columns(is_same=is_same.fill_null(value=False))
        .with_columns(valid_from=pl.when(~pl.col("is_same")).then(began).forward_fill().over(run))
        .filter(
            pl.col("valid_to").is_not_null()
            & pl.when(stays).then(~pl.all_horizontal(is_next)).otherwise(pl.col("item_ids") != "")
        )
        .select("document_id", "list_name", "valid_from", "valid_to", *_LIST)
    )


def _lists_of(versions: pl.DataFrame, lists: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    """A row per version and name of a list, also where the list is empty."""
    known = versions.select(
        "document_id", "content", "appeared", "is_earlier", "valid_from", "valid_to", "next_outcome"
    )
    named = known.join(pl.DataFrame({"list_name": names}, schema={"list_name": pl.String()}), how="cross")
    of_content = lists.rename({"document_id": "content"})
    found = named.join(of_content, on=["content", "list_name"], how="left")
    return found.with_columns(pl.col(name).fill_null("") for name in _LIST)
