"""When what is present began: the versions and lists of documents that a history has not ended yet."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from frontmart.history.parts import scan_parts
from transforms.history.versions import APPEARANCES


@dataclass(frozen=True, slots=True)
class Starts:
    """The present versions and lists of some documents.

    Attributes:
        versions: a row per document: document_id, valid_from (the step of its last change), appeared (the step at which
            it last appeared) and is_former (whether it had a version that is over). Steps are NULL for a document that
            never changed: then they are 0.
        lists: document_id, list_name, list_from: when its present list began, if another one had ended.
    """

    versions: pl.DataFrame
    lists: pl.DataFrame


def read_starts(snapshot: Path, ids: pl.Series) -> Starts:
    """Read when the present versions of documents began from the history of a snapshot, given its folder."""
    is_wanted = pl.col("document_id").is_in(ids.implode())
    changes = scan_parts(snapshot, "document_changes").filter(is_wanted)
    is_appearance = pl.col("change").is_in(APPEARANCES)
    known = changes.group_by("document_id").agg(
        valid_from=pl.col("step").max(), appeared=pl.col("step").filter(is_appearance).max()
    )
    former = scan_parts(snapshot, "past_documents").filter(is_wanted).select("document_id").unique()
    versions = (
        pl.LazyFrame({"document_id": ids}, schema={"document_id": pl.String()})
        .join(known, on="document_id", how="left")
        .join(former.with_columns(is_former=pl.lit(value=True)), on="document_id", how="left")
        .with_columns(pl.col("is_former").fill_null(value=False))
        .collect()
    )
    lists = scan_parts(snapshot, "past_lists").filter(is_wanted)
    return Starts(
        versions, lists.group_by("document_id", "list_name").agg(list_from=pl.col("valid_to").max()).collect()
    )
