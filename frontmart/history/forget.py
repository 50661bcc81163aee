"""Take versions out of a history for good: of some documents, or since a moment.

What goes with a version: its lists, the items that only they had, what the changes tell of it, and, of a document, the
copies of it that other documents listed as related. What is current stays, since the source has it: such a document
then begins with its current version.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from frontmart.catalog import inputs
from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.history.parts import empty

Tables = dict[str, pl.DataFrame]

# The lists whose positions begin with that of a related item.
_OF_RELATED: Final = ("related_images", "provider_images")
_RENAMED_FROM: Final = ("from_document_id", "from_path", "rule")


@dataclass(frozen=True, slots=True)
class Current:
    """What the tidy tables have: the ids of documents and of rejects, the former with their canonical URLs."""

    documents: pl.DataFrame
    rejects: pl.Series


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A history without some versions.

    Attributes:
        tables: its rows, by table.
        document_ids: the documents that versions were taken from.
        version_count: the versions of documents that are gone.
        related_count: the copies of these documents that are gone from the past lists of other documents.
    """

    tables: Tables
    document_ids: list[str]
    version_count: int
    related_count: int


def same_documents(changes: pl.DataFrame, document_ids: Iterable[str]) -> set[str]:
    """The documents, with all that they were renamed from and to: one article under several paths."""
    pairs = changes.filter(pl.col("change") == "renamed").select("document_id", "from_document_id").rows()
    found = set(document_ids)
    while more := {each for pair in pairs if found & set(pair) for each in pair} - found:
        found |= more
    return found


def forget_documents(
    tables: Tables, document_ids: Collection[str], current: Current, through_step: int | None = None
) -> Forgotten:
    """Take all past versions of documents out of a history, or those that ended at a step or before.

    Args:
        tables: the rows of the history, by table.
        document_ids: the documents, see `same_documents`.
        current: what is not past.
        through_step: the last step that counts; None for all.
    """
    last = int(tables["steps"]["step"].max() or 0) if through_step is None else through_step  # type: ignore[arg-type]
    chosen = pl.col("document_id").is_in(list(document_ids))
    is_past = chosen & (pl.col("valid_to") <= last)
    urls = _canonical_urls(tables, current, chosen)
    kept = dict(tables)
    for name in ("past_documents", "past_rejects", "past_lists"):
        kept[name] = tables[name].filter(~is_past)
    lists, related_count = _without_related(kept["past_lists"], tables["past_related_items"], urls, last)
    kept["past_lists"] = lists
    kept["document_changes"] = _without_beginnings(tables["document_changes"], document_ids, current, kept, last)
    count = tables["past_documents"].height - kept["past_documents"].height
    return Forgotten(_without_waste(kept, current), sorted(document_ids), count, related_count)


def forget_since(tables: Tables, steps: Collection[int], current: Current) -> Forgotten:
    """Take all past versions that began at some steps out of a history.

    A list that began then, and is over, becomes an empty one, so that the one after it begins where it did.
    """
    began = pl.col("valid_from").is_in(list(steps))
    gone = pl.concat([tables[name].filter(began).select("document_id", "valid_from") for name in _VERSIONED]).unique()
    kept = dict(tables)
    for name in _VERSIONED:
        kept[name] = tables[name].filter(~began)
    cleared = [pl.when(began).then(pl.lit("")).otherwise(pl.col(name)).alias(name) for name in _OF_LIST]
    kept["past_lists"] = tables["past_lists"].with_columns(cleared)
    changes = tables["document_changes"].join(
        gone, left_on=["document_id", "step"], right_on=["document_id", "valid_from"], how="anti"
    )
    known = pl.concat([_known(current), *(kept[name]["document_id"] for name in _VERSIONED)])
    is_left = ~pl.col("document_id").is_in(gone["document_id"].implode()) | pl.col("document_id").is_in(known.implode())
    kept["document_changes"] = _without_unknown_sources(changes.filter(is_left), known)
    count = tables["past_documents"].height - kept["past_documents"].height
    ids = sorted(gone["document_id"].unique())
    kept["past_lists"] = kept["past_lists"].filter(
        ~pl.col("document_id").is_in(ids) | pl.col("document_id").is_in(known.implode())
    )
    return Forgotten(_without_waste(kept, current), ids, count, 0)


_VERSIONED: Final = ("past_documents", "past_rejects")
_OF_LIST: Final = ("item_ids", "positions")


def _known(current: Current) -> pl.Series:
    return pl.concat([current.documents["document_id"], current.rejects])


def _canonical_urls(tables: Tables, current: Current, chosen: pl.Expr) -> pl.Series:
    """The URLs that the documents have or had."""
    frames = [frame.filter(chosen).select("canonical_url") for frame in (tables["past_documents"], current.documents)]
    return pl.concat(frames).to_series().drop_nulls().unique()


def _without_beginnings(
    changes: pl.DataFrame, document_ids: Collection[str], current: Current, kept: Tables, last: int
) -> pl.DataFrame:
    """The changes without those of forgotten versions: what is left of a document was added where it begins."""
    chosen = pl.col("document_id").is_in(list(document_ids)) & (pl.col("step") <= last)
    known = _known(current)
    begins = changes.filter(chosen).group_by("document_id").agg(begins=pl.col("step").max())
    left = pl.concat([known, *(kept[name]["document_id"] for name in _VERSIONED)])
    is_left = pl.col("document_id").is_in(left.implode())
    is_beginning = (pl.col("step") == pl.col("begins")) & is_left & ~pl.col("change").is_in(["removed"])
    refused = pl.col("change") == "refused"
    rows = changes.join(begins, on="document_id", how="left").filter(~chosen | is_beginning)
    added = rows.with_columns(
        pl.when(chosen & ~refused).then(pl.lit("added")).otherwise("change").alias("change"),
        *(pl.when(chosen).then(None).otherwise(pl.col(name)).alias(name) for name in (*_RENAMED_FROM, "similarity")),
    )
    from_chosen = pl.col("from_document_id").is_in(list(document_ids)).fill_null(value=False)
    return _added_instead(added, from_chosen).select(changes.columns)


def _without_unknown_sources(changes: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """The changes, where what was renamed from a document that is forgotten was added."""
    is_unknown = pl.col("from_document_id").is_not_null() & ~pl.col("from_document_id").is_in(known.implode())
    return _added_instead(changes, is_unknown)


def _added_instead(changes: pl.DataFrame, is_replaced: pl.Expr) -> pl.DataFrame:
    return changes.with_columns(
        pl.when(is_replaced).then(pl.lit("added")).otherwise("change").alias("change"),
        *(
            pl.when(is_replaced).then(None).otherwise(pl.col(name)).alias(name)
            for name in (*_RENAMED_FROM, "similarity")
        ),
    )


def _without_related(lists: pl.DataFrame, items: pl.DataFrame, urls: pl.Series, last: int) -> tuple[pl.DataFrame, int]:
    """The lists without the related items that have one of some URLs, and without their images -> also how many."""
    gone = set(items.filter(pl.col("canonical_url").is_in(urls.implode()))["item_id"])
    if not gone:
        return lists, 0
    is_old = pl.col("valid_to") <= last
    affected = lists.filter(
        (pl.col("list_name") == "related_items")
        & is_old
        & pl.col("item_ids").str.split(" ").list.set_intersection(list(gone)).list.len().gt(0)
    )
    places = [
        (row["document_id"], row["valid_from"], row["valid_to"], _places(row, gone))
        for row in affected.iter_rows(named=True)
    ]
    by_document: dict[str, list[tuple[int, int, set[str]]]] = {}
    for document, first, after, found in places:
        by_document.setdefault(document, []).append((first, after, found))
    touched = pl.col("document_id").is_in(list(by_document)) & pl.col("list_name").is_in(
        ["related_items", *_OF_RELATED]
    )
    changed = [_shortened(row, by_document[row["document_id"]], gone) for row in lists.filter(touched).to_dicts()]
    rows = pl.concat([lists.filter(~touched), pl.DataFrame(changed, schema=lists.schema)])
    return rows, sum(len(found) for *_, found in places)


def _places(row: dict[str, str], gone: set[str]) -> set[str]:
    """The positions of the items of a list that go."""
    pairs = zip(row["item_ids"].split(" "), row["positions"].split(" "), strict=True)
    return {position for item, position in pairs if item in gone}


def _shortened(row: dict[str, str], spans: list[tuple[int, int, set[str]]], gone: set[str]) -> dict[str, str]:
    """A list of related items, or of their images, without those that go."""
    if not row["item_ids"]:
        return row
    first, after = int(row["valid_from"]), int(row["valid_to"])
    places = {place for begin, end, found in spans if begin < after and first < end for place in found}
    pairs = list(zip(row["item_ids"].split(" "), row["positions"].split(" "), strict=True))
    if row["list_name"] == "related_items":
        kept = [(item, place) for item, place in pairs if not (item in gone and place in places)]
    else:
        kept = [(item, place) for item, place in pairs if place.partition(".")[0] not in places]
    items, positions = (" ".join(values) for values in zip(*kept, strict=True)) if kept else ("", "")
    return {**row, "item_ids": items, "positions": positions}


def _without_waste(tables: Tables, current: Current) -> Tables:
    """The tables without items that no list has, and without writes in collections that nothing is known of."""
    used = tables["past_lists"].select("list_name", item_id=pl.col("item_ids").str.split(" ")).explode("item_id")
    kept = dict(tables)
    for name in CHILD_TABLES:
        ids = used.filter(pl.col("list_name") == name)["item_id"]
        kept[f"past_{name}"] = tables[f"past_{name}"].filter(pl.col("item_id").is_in(ids.implode()))
    collections = pl.concat(
        [
            tables["document_changes"]["collection"],
            tables["past_documents"]["collection"],
            current.documents["collection"],
            pl.Series("collection", [""], dtype=pl.String()),
        ]
    ).unique()
    kept["writes"] = tables["writes"].filter(pl.col("collection").is_in(collections.implode()))
    return {
        name: kept.get(name, empty(name)).select(schema.column_names()).sort(inputs.key(schema))
        for name, schema in HISTORY_INPUTS.items()
    }
