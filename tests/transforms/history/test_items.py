"""Lists that are folded into a row each can be unfolded again."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.history.items import CHILD_TABLES, fold_lists, item_columns, no_items, unfold_list
from transforms.tables import TABLES, polars_schema

_TEXTS = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(("", " ", "a", '"', "null"))
_VALUES: dict[type, st.SearchStrategy[object]] = {
    pl.String: _TEXTS,
    pl.Int32: st.integers(-1, 2**31 - 1),
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.Float64: st.floats(allow_nan=False, allow_infinity=False),
    pl.Boolean: st.booleans(),
    pl.Datetime: st.datetimes(),
}


@st.composite
def rows_of(draw: st.DrawFn, table: str) -> pl.DataFrame:
    """Rows of a child table, each key once, in any order."""
    key = TABLES[table].primary_key()
    keys = {"document_id": st.sampled_from(("0" * 16, "f" * 16)), "column_name": _TEXTS}
    places = st.integers(-1 if table == "provider_images" else 0, 30)
    found = draw(st.lists(st.tuples(*(keys.get(name, places) for name in key)), unique=True, max_size=8))
    schema = polars_schema(TABLES[table])
    rows = []
    for values in found:
        row = dict(zip(key, values, strict=True))
        for name, dtype in schema.items():
            if name not in row:
                row[name] = draw(st.none() | _VALUES[type(dtype)])
        rows.append(row)
    return pl.DataFrame(rows, schema=schema)


@pytest.mark.parametrize("table", CHILD_TABLES)
@given(st.data())
@settings(max_examples=30, deadline=None)
def test_unfolded_lists_are_the_rows_that_were_folded(table: str, data: st.DataObject) -> None:
    rows = data.draw(rows_of(table))
    lists, items = fold_lists({table: rows})
    found = unfold_list(table, lists, items.get(table, no_items(table)))
    expected = rows.drop("path") if table == "field_issues" else rows
    assert_frame_equal(found, expected.sort(TABLES[table].primary_key()))
    assert items.get(table, no_items(table)).columns == ["item_id", *item_columns(table)]


def topics(*rows: tuple[str, int, str]) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows, schema={"document_id": pl.String, "position": pl.Int32, "topic": pl.String}, orient="row"
    )
    return frame.with_columns(topic_id="topic", topic_kind=pl.lit(None, pl.String)).select(
        TABLES["document_topics"].column_names()
    )


def test_equal_items_are_one_wherever_they_are() -> None:
    lists, items = fold_lists({"document_topics": topics(("a", 0, "x"), ("a", 2, "y"), ("b", 5, "x"))})
    ids = dict(items["document_topics"].select("topic", "item_id").rows())
    assert lists.rows() == [
        ("a", "document_topics", f"{ids['x']} {ids['y']}", "0 2"),
        ("b", "document_topics", ids["x"], "5"),
    ]
    assert len(items["document_topics"]) == 2


def test_without_rows_there_are_no_lists() -> None:
    lists, items = fold_lists({"document_topics": topics()})
    assert lists.is_empty()
    assert items == {}
