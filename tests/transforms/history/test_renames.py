"""Renamed documents: equal content, else an equal URL, else what git finds similar; one to one within a step."""

import polars as pl

from transforms.history.renames import find_renames

Row = tuple[int, str, str | None, str | None]


def documents(*rows: Row) -> pl.DataFrame:
    """Documents by step, name, content hash and URL; the id of a document is its name."""
    schema = {"step": pl.Int64, "path": pl.String, "content_hash": pl.String, "canonical_url": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(document_id="path")


def similar(*rows: tuple[int, str, str, float]) -> pl.DataFrame:
    schema = {"step": pl.Int64, "from_path": pl.String, "path": pl.String, "similarity": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def renamed(came: pl.DataFrame, gone: pl.DataFrame, pairs: pl.DataFrame | None = None) -> set[tuple[object, ...]]:
    found = find_renames(came, gone, similar() if pairs is None else pairs)
    return set(found.select("step", "from_path", "document_id", "rule", "similarity").rows())


def test_equal_content_is_a_rename() -> None:
    assert renamed(documents((1, "b", "h", None)), documents((1, "a", "h", None))) == {(1, "a", "b", "meaning", None)}


def test_content_of_another_step_is_none() -> None:
    assert renamed(documents((1, "b", "h", "u")), documents((2, "a", "h", "u")), similar((1, "a", "b", 0.9))) == set()


def test_content_goes_before_the_url() -> None:
    came = documents((1, "b", "h", "u"), (1, "c", "i", "v"))
    gone = documents((1, "x", "h", "v"), (1, "y", "j", "u"))
    assert renamed(came, gone) == {(1, "x", "b", "meaning", None)}


def test_an_equal_url_is_a_rename() -> None:
    assert renamed(documents((1, "b", "i", "u")), documents((1, "a", "h", "u"))) == {(1, "a", "b", "url", None)}


def test_an_absent_or_empty_url_is_none() -> None:
    assert renamed(documents((1, "b", "i", None)), documents((1, "a", "h", None))) == set()
    assert renamed(documents((1, "b", "i", "")), documents((1, "a", "h", ""))) == set()


def test_content_that_several_have_says_nothing() -> None:
    came = documents((1, "b", "h", "u"), (1, "c", "h", "v"))
    assert renamed(came, documents((1, "a", "h", "u"))) == {(1, "a", "b", "url", None)}


def test_the_most_similar_come_first_and_each_is_taken_once() -> None:
    came = documents((1, "b", "1", None), (1, "c", "2", None))
    gone = documents((1, "x", "3", None), (1, "y", "4", None))
    pairs = similar((1, "x", "b", 0.6), (1, "x", "c", 0.9), (1, "y", "c", 0.8), (1, "y", "b", 0.5))
    assert renamed(came, gone, pairs) == {(1, "x", "c", "similarity", 0.9), (1, "y", "b", "similarity", 0.5)}


def test_of_equally_similar_pairs_the_first_by_path_is_taken() -> None:
    came = documents((1, "b", "1", None))
    gone = documents((1, "x", "3", None), (1, "y", "4", None))
    pairs = similar((1, "y", "b", 0.6), (1, "x", "b", 0.6))
    assert renamed(came, gone, pairs) == {(1, "x", "b", "similarity", 0.6)}


def test_only_documents_that_came_and_went_are_renamed() -> None:
    assert renamed(documents((1, "b", "1", None)), documents(), similar((1, "x", "b", 0.9))) == set()
