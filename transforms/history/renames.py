"""Renamed documents: pairs of one that is new at its path and one that went, in the same step."""

from typing import Final

import polars as pl

# A document that came or went. Of one that came, content_hash and canonical_url are those of now, else of before.
CANDIDATE_COLUMNS: Final = ("step", "document_id", "path", "content_hash", "canonical_url")
RENAME_SCHEMA: Final = pl.Schema(
    {
        "step": pl.Int64(),
        "document_id": pl.String(),
        "from_document_id": pl.String(),
        "from_path": pl.String(),
        "rule": pl.String(),
        "similarity": pl.Float64(),
    }
)
_RULES: Final = (("meaning", "content_hash"), ("url", "canonical_url"))


def with_renames(changes: pl.DataFrame, similar: pl.DataFrame | None = None) -> pl.DataFrame:
    """Changes of documents; those that came from another path are `renamed`. Adds the columns of RENAME_SCHEMA.

    Args:
        changes: step, document_id, path, change, content_hash, canonical_url, old_content_hash and old_canonical_url.
        similar: as for `find_renames`.
    """
    came = changes.filter(pl.col("change") == "added")
    former = changes.filter(pl.col("change") == "removed", pl.col("old_content_hash").is_not_null())
    gone = former.with_columns(content_hash="old_content_hash", canonical_url="old_canonical_url")
    is_renamed = pl.col("rule").is_not_null()
    return changes.join(find_renames(came, gone, similar), on=["step", "document_id"], how="left").with_columns(
        change=pl.when(is_renamed).then(pl.lit("renamed")).otherwise("change")
    )


def find_renames(came: pl.DataFrame, gone: pl.DataFrame, similar: pl.DataFrame | None = None) -> pl.DataFrame:
    """The renamed documents, a row each (RENAME_SCHEMA): by equal content, else an equal URL, else similarity.

    The first two rules take a pair only if no other document of the step that came or went, and is left, has the
    content or the URL. Of similar pairs the most similar are taken first. No document is in two pairs.

    Args:
        came: the documents whose path is new, in CANDIDATE_COLUMNS.
        gone: the documents that went, in CANDIDATE_COLUMNS.
        similar: step, from_path, path, similarity; None if it is not known.
    """
    found = []
    for rule, column in _RULES:
        pairs = _pairs(came, gone, column).with_columns(rule=pl.lit(rule), similarity=pl.lit(None, pl.Float64()))
        found.append(pairs.select(RENAME_SCHEMA.names()))
        came = came.join(pairs, on=["step", "document_id"], how="anti")
        gone = gone.join(pairs, left_on=["step", "document_id"], right_on=["step", "from_document_id"], how="anti")
    if similar is not None:
        found.append(_most_similar(came, gone, similar))
    return pl.concat(found)


def _pairs(came: pl.DataFrame, gone: pl.DataFrame, column: str) -> pl.DataFrame:
    new, old = (_alone(rows, column) for rows in (came, gone))
    former = old.select("step", column, from_document_id="document_id", from_path="path")
    return new.join(former, on=["step", column], how="inner")


def _alone(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows with a value that no other row of the step has."""
    valued = rows.filter(pl.col(column).is_not_null(), pl.col(column) != "")
    return valued.filter(pl.struct("step", column).is_unique())


def _most_similar(came: pl.DataFrame, gone: pl.DataFrame, similar: pl.DataFrame) -> pl.DataFrame:
    pairs = (
        similar.join(came.select("step", "path", "document_id"), on=["step", "path"])
        .join(gone.select("step", from_path="path", from_document_id="document_id"), on=["step", "from_path"])
        .with_columns(rule=pl.lit("similarity"))
        .sort("step", "similarity", "path", "from_path", descending=[False, True, False, False])
        .select(RENAME_SCHEMA.names())
    )
    taken: set[tuple[int, str]] = set()
    is_taken = []
    for step, new, old in pairs.select("step", "document_id", "from_document_id").iter_rows():
        is_free = not {(step, new), (step, old)} & taken
        is_taken.append(is_free)
        if is_free:
            taken |= {(step, new), (step, old)}
    return pairs.filter(pl.Series(is_taken, dtype=pl.Boolean()))
