"""What the outcomes of writes say: one case for each kind of change, for versions, and for lists that end."""

from typing import Any

import polars as pl
import pytest

from transforms.history.versions import OUTCOME_SCHEMA, STARTS_SCHEMA, Contents, Versions, find_versions
from transforms.tables import TABLES, polars_schema

# Outcomes of a path: a document of a content, a reject with a message, a file without front matter, no file.
A, B, OTHER = ("document", "a"), ("document", "b"), ("document", "other")
BAD, WORSE, SKIPPED, REMOVED = ("reject", "bad"), ("reject", "worse"), ("skipped", None), ("removed", None)
Outcome = tuple[str, str | None]

# URL and provider of each content. Those of `a` and `b` are equal.
ARTICLES: dict[str, tuple[str | None, str]] = {
    "a": ("u", "p"),
    "b": ("u", "p"),
    "other": ("v", "q"),
    "url": ("v", "p"),
    "provider": ("u", "q"),
}
ARTICLES |= {"no url": (None, "q")}
# The lists of each content.
LISTS = {("a", "document_topics"): ("1 2", "0 1"), ("b", "document_topics"): ("1 2", "0 1")}
LISTS |= {("b", "document_images"): ("3", "0"), ("other", "document_topics"): ("2", "0")}


def contents() -> Contents:
    schema = polars_schema(TABLES["documents"])
    rows = [
        {"document_id": name, "content_hash": name, "canonical_url": url, "provider_id": provider}
        for name, (url, provider) in ARTICLES.items()
    ]
    lists = [(*key, *value) for key, value in LISTS.items()]
    columns = ("document_id", "list_name", "item_ids", "positions")
    return Contents(
        pl.DataFrame(rows, schema=schema), pl.DataFrame(lists, schema=dict.fromkeys(columns, pl.String), orient="row")
    )


def outcome(step: int, kind: Outcome, path: str = "_news/x.md", **more: Any) -> dict[str, Any]:
    told, name = kind
    row = {"path": path, "document_id": path, "step": step, "is_earlier": False, "is_former": False, "outcome": told}
    if told == "document":
        row |= {"content": name, "content_hash": name}
    if told == "reject":
        row |= {"reason": "invalid_yaml", "message": name, "line": 1}
    return row | more


def versions(*rows: dict[str, Any], starts: tuple[tuple[str, str, int], ...] = ()) -> Versions:
    frame = pl.DataFrame(list(rows), schema=OUTCOME_SCHEMA)
    return find_versions(frame, contents(), pl.DataFrame(list(starts), schema=STARTS_SCHEMA, orient="row"))


def of(*kinds: Outcome) -> Versions:
    """The versions of one path that is written at steps 0, 1, 2 and so on."""
    return versions(*(outcome(step, kind) for step, kind in enumerate(kinds)))


@pytest.mark.parametrize(
    ("before", "then", "change"),
    [
        ([], A, "added"),
        ([SKIPPED], A, "added"),
        ([REMOVED], A, "added"),
        ([BAD, REMOVED], A, "added"),
        ([A], B, "changed"),
        ([A], ("document", "url"), "changed"),
        ([A], ("document", "provider"), "changed"),
        ([A], ("document", "no url"), "changed"),
        ([A], OTHER, "swapped"),
        ([A], REMOVED, "removed"),
        ([A], SKIPPED, "removed"),
        ([BAD], REMOVED, "removed"),
        ([BAD], SKIPPED, "removed"),
        ([A, REMOVED], A, "restored"),
        ([A, SKIPPED], OTHER, "restored"),
        ([A, BAD, REMOVED], A, "restored"),
        ([], BAD, "refused"),
        ([A], BAD, "refused"),
        ([SKIPPED], BAD, "refused"),
        ([BAD], WORSE, "refused"),
        ([BAD], A, "readable"),
        ([A, BAD], A, "readable"),
    ],
)
def test_each_kind_of_change(before: list[Outcome], then: Outcome, change: str) -> None:
    changes = of(*before, then).changes.filter(pl.col("step") == len(before))
    assert changes.select("path", "collection", "change").rows() == [("_news/x.md", "news", change)]


@pytest.mark.parametrize(
    ("before", "then"),
    [([A], A), ([BAD], BAD), ([SKIPPED], SKIPPED), ([], SKIPPED), ([SKIPPED], REMOVED), ([], REMOVED)],
)
def test_what_changes_nothing_is_a_write_that_means_nothing(before: list[Outcome], then: Outcome) -> None:
    found = of(*before, then)
    assert found.changes.filter(pl.col("step") == len(before)).is_empty()
    assert found.writes.filter(pl.col("step") == len(before)).rows() == [(len(before), "news", 1, 1)]


def test_writes_are_counted_by_collection() -> None:
    rows = [outcome(0, A, "_news/a.md"), outcome(0, A, "_news/b.md"), outcome(0, SKIPPED, "_news/c.md")]
    rows += [outcome(0, BAD, "d.md"), outcome(1, BAD, "d.md"), outcome(1, A, "news/deep/er.md")]
    rows += [outcome(1, A, "./e.md"), outcome(1, A, "./videos/f.md")]
    assert versions(*rows).writes.rows() == [
        (0, "", 1, 0),
        (0, "news", 3, 1),
        (1, "", 2, 1),
        (1, "news", 1, 0),
        (1, "videos", 1, 0),
    ]


def test_a_document_is_past_once_another_version_or_none_follows() -> None:
    found = of(A, A, B, A, REMOVED, OTHER).documents
    assert found.select("document_id", "valid_from", "valid_to", "content_hash").rows() == [
        ("_news/x.md", 0, 2, "a"),
        ("_news/x.md", 2, 3, "b"),
        ("_news/x.md", 3, 4, "a"),
    ]


def test_a_reject_is_past_once_its_message_differs_or_it_is_none() -> None:
    found = of(BAD, BAD, WORSE, A, BAD).rejects
    assert found.select("valid_from", "valid_to", "message", "line").rows() == [(0, 2, "bad", 1), (2, 3, "worse", 1)]


def lists_of(found: Versions) -> list[tuple[Any, ...]]:
    columns = ("list_name", "valid_from", "valid_to", "item_ids", "positions")
    return sorted(found.lists.select(columns).rows())


def test_a_list_goes_on_while_its_document_changes_otherwise() -> None:
    assert lists_of(of(A, B)) == [("document_images", 0, 1, "", "")]
    assert lists_of(of(A, B, A, OTHER)) == [
        ("document_images", 0, 1, "", ""),
        ("document_images", 1, 2, "3", "0"),
        ("document_topics", 0, 3, "1 2", "0 1"),
    ]


def test_lists_with_items_end_with_their_document() -> None:
    ended = [("document_topics", 0, 1, "1 2", "0 1")]
    assert lists_of(of(A, REMOVED)) == ended
    assert lists_of(of(A, BAD)) == ended
    assert lists_of(of(A, SKIPPED, A)) == ended
    assert lists_of(of(A, REMOVED, A, REMOVED)) == [*ended, ("document_topics", 2, 3, "1 2", "0 1")]


def test_an_empty_list_that_ends_begins_with_its_document() -> None:
    assert ("document_images", 2, 3, "", "") in lists_of(of(A, REMOVED, A, B))


def test_an_earlier_state_is_no_write_and_ends_what_began_before() -> None:
    earlier = outcome(3, B, is_earlier=True, appeared=1, is_former=False)
    found = versions(earlier, outcome(7, B), outcome(8, OTHER), starts=(("_news/x.md", "document_images", 2),))
    assert found.writes.rows() == [(7, "news", 1, 1), (8, "news", 1, 0)]
    assert found.changes.select("step", "change").rows() == [(8, "swapped")]
    assert found.documents.select("valid_from", "valid_to", "content_hash").rows() == [(3, 8, "b")]
    assert lists_of(found) == [("document_images", 2, 8, "3", "0"), ("document_topics", 1, 8, "1 2", "0 1")]


def test_a_list_that_ended_before_its_document_appeared_began_with_it() -> None:
    earlier = outcome(5, A, is_earlier=True, appeared=5, is_former=True)
    found = versions(earlier, outcome(8, OTHER), starts=(("_news/x.md", "document_topics", 3),))
    assert lists_of(found) == [("document_topics", 5, 8, "1 2", "0 1")]


def test_a_path_that_had_a_document_before_the_first_step_is_restored() -> None:
    gone = outcome(3, REMOVED, is_earlier=True, appeared=0, is_former=True)
    assert versions(gone, outcome(7, A)).changes["change"].to_list() == ["restored"]


def test_without_writes_there_is_nothing() -> None:
    found = versions()
    assert all(getattr(found, name).is_empty() for name in Versions.__slots__)
