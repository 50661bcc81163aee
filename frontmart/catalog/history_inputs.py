"""The tables of schema tidy that hold the past: steps, what changed at each, and versions that are over.

What is current is in the tidy tables alone. A step is one state of the source: a commit, or a published build. All of
these tables are empty as long as the history has one step, the build itself. Versions are half-open: one holds at the
steps from `valid_from` up to the one before `valid_to`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

import polars as pl

from transforms.schema import Column, Datetime, Enum, Float64, Int64, Schema, String
from transforms.tables import TABLES

STEP_KINDS: Final = ("commit", "build")
CHANGES: Final = ("added", "changed", "removed", "restored", "refused", "readable", "renamed", "swapped")
RENAME_RULES: Final = ("meaning", "url", "similarity")
# The tidy tables with rows of a document, whose past rows are lists of items.
CHILD_TABLES: Final = tuple(name for name in TABLES if name not in ("documents", "files", "rejects"))
# The columns that a list has instead of its items.
_OF_LISTS: Final = ("document_id", "position", "related_position")
_ITEM_ID: Final = "^[0-9a-f]{16}$"


def _step(description: str) -> Column:
    return Int64(primary_key=True, min=0, description=description)


def _document(*, primary_key: bool = True) -> Column:
    return String(
        primary_key=primary_key, regex=_ITEM_ID, description="The document: 16 hex digits, a 64-bit hash of its path."
    )


def _valid_from(*, primary_key: bool = True) -> Column:
    return Int64(primary_key=primary_key, min=0, description="The first step at which this was so; 0 if before, too.")


def _valid_to() -> Column:
    return Int64(min=1, description="The first step at which this was no longer so.")


class Steps(Schema):
    """A step of the history: one state of the source, in the order in which they were. No rows if there is one."""

    step = _step("0-based number of the step.")
    step_kind = Enum(
        STEP_KINDS, description="Kind of step: commit (of a Git repository) or build (one that was published)."
    )
    commit_id = String(
        nullable=True, regex="^[0-9a-f]{40}([0-9a-f]{24})?$", description="The commit, all of its hex digits."
    )
    snapshot_id = String(nullable=True, description="The snapshot that the build published; NULL for a commit.")
    committed_at = Datetime(
        description="When the commit was made, by its committer, or when the build started (UTC). Clocks differ, so it "
        "may be earlier than that of the step before."
    )
    authored_at = Datetime(
        nullable=True, description="When the commit was written, by its author (UTC); NULL for a build."
    )


class DocumentChanges(Schema):
    """A document that changed at a step. What a first build had is no change, what a first commit had is added."""

    step = _step("The step at which it changed.")
    document_id = _document()
    path = String(description="Path relative to the source folder, with `/`.")
    collection = String(
        nullable=True,
        description="First folder of the path, without its underscore; NULL at the top of the source.",
    )
    change = Enum(
        CHANGES,
        description="Kind of change: added, changed, removed, restored (again at its path), refused (now a reject), "
        "readable (no longer one), renamed (from another path) or swapped (another article at the path: another URL "
        "and another provider).",
    )
    from_document_id = String(
        nullable=True, regex=_ITEM_ID, description="The document that was renamed; NULL unless it was."
    )
    from_path = String(nullable=True, description="The path of that document.")
    rule = String(
        nullable=True,
        categories=RENAME_RULES,
        description="The rule that found the renaming: meaning (equal content), url (an equal URL) or similarity (as "
        "Git measures it); NULL unless renamed.",
    )
    similarity = Float64(
        nullable=True, min=0, description="Similarity of both files; NULL unless the rule is similarity."
    )


class Writes(Schema):
    """A collection and a step at which files of it were written: added, modified or removed."""

    step = _step("The step at which they were written.")
    collection = String(
        primary_key=True,
        description="First folder of the path, without its underscore; an empty text at the top of the source.",
    )
    write_count = Int64(min=0, description="Files written.")
    meaningless_count = Int64(
        min=0, description="Files of these whose writing changed nothing that is stored, such as `secured` alone."
    )

    RULES: ClassVar = {
        "no more writes are meaningless than there are": pl.col("meaningless_count") <= pl.col("write_count")
    }


def _past(schema: type[Schema]) -> dict[str, Column]:
    """The columns of the versions of a table whose rows are of a document each."""
    keys = {"document_id": _document(), "valid_from": _valid_from(), "valid_to": _valid_to()}
    others = {name: replace(column, unique=False) for name, column in schema.columns().items() if name not in keys}
    return keys | others


def _items(name: str) -> dict[str, Column]:
    """The columns of the items that past lists of a child table have."""
    left_out = (*_OF_LISTS, *(("path",) if name == "field_issues" else ()))
    item_id = String(
        primary_key=True,
        regex=_ITEM_ID,
        description="The item: 16 hex digits, a 64-bit hash of its other columns.",
    )
    others = {
        column: replace(declared, primary_key=False)
        for column, declared in TABLES[name].columns().items()
        if column not in left_out
    }
    return {"item_id": item_id} | others


def _schema(name: str, grain: str, columns: Mapping[str, Column], rules: Mapping[str, pl.Expr]) -> type[Schema]:
    attributes: dict[str, Any] = {**columns, "__doc__": grain, "__module__": __name__, "RULES": dict(rules)}
    return type(name, (Schema,), attributes)


class PastLists(Schema):
    """A list of a document that is over, such as its topics: the items that it had, in order.

    A list ends where one of another content follows, or where the document goes. A document without items has an empty
    list, unless it goes.
    """

    document_id = _document()
    list_name = Enum(CHILD_TABLES, primary_key=True, description="The tidy table with such items, as document_topics.")
    valid_from = _valid_from()
    valid_to = _valid_to()
    item_ids = String(
        description="The items in order, each an item_id of the table `past_` with that name, separated by one blank."
    )
    positions = String(
        description="The position of each item, after that of its related item and a dot where there is one, separated "
        "by one blank; an empty text for document_columns, which has no positions."
    )


def _names(tables: Iterable[str]) -> dict[str, type[Schema]]:
    return {
        f"past_{table}": _schema(
            f"Past{TABLES[table].__name__}",
            f"An item that a past list of tidy.{table} has.",
            _items(table),
            TABLES[table].RULES,
        )
        for table in tables
    }


HISTORY_INPUTS: Final[dict[str, type[Schema]]] = {
    "steps": Steps,
    "document_changes": DocumentChanges,
    "writes": Writes,
    "past_documents": _schema(
        "PastDocuments",
        "A version of a document that is over: its row in tidy.documents from one step to another.",
        _past(TABLES["documents"]),
        TABLES["documents"].RULES,
    ),
    "past_rejects": _schema(
        "PastRejects",
        "A rejection that is over: the row of a file in tidy.rejects from one step to another.",
        _past(TABLES["rejects"]),
        TABLES["rejects"].RULES,
    ),
    "past_lists": PastLists,
    **_names(CHILD_TABLES),
}
