"""Schemas: the check of a frame finds what dataframely finds, given the same declarations."""

import math
from functools import cache

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontmart.catalog.inputs import INPUTS
from transforms.schema import Column, Datetime, Enum, Float64, Int32, Schema, String, ValidationError


class Example(Schema):
    """A row of each kind of column."""

    document_id = String(primary_key=True, regex="^[0-9a-f]{2}$", description="A key.")
    position = Int32(primary_key=True, min=-1, description="A key, too.")
    path = String(unique=True)
    length = Float64(nullable=True, min=0)
    kind = Enum(("one", "two"), description="A closed set.")
    at = Datetime(nullable=True)
    RULES = {"a one has no length": (pl.col("kind") != "one") | pl.col("length").is_null()}  # noqa: RUF012


@cache
def with_dataframely(schema: type[Schema]) -> type[dy.Schema]:
    """The same schema as one of dataframely."""
    rules = {
        f"rule_{number}": dy.rule()(lambda cls, rule=rule: rule) for number, rule in enumerate(schema.RULES.values())
    }
    columns = {name: as_dataframely(column) for name, column in schema.columns().items()}
    return type(schema.__name__, (dy.Schema,), columns | rules)


def as_dataframely(column: Column) -> dy.Column:
    common = {name: getattr(column, name) for name in ("nullable", "primary_key", "unique")}
    if column.categories is not None:
        return dy.String(**common, check=lambda values: values.is_in(column.categories))
    if column.dtype == pl.String():
        return dy.String(**common, regex=column.regex)
    if column.dtype == pl.Datetime("us"):
        return dy.Datetime(**common, time_unit="us")
    if column.dtype == pl.Date():
        return dy.Date(**common)
    if column.dtype == pl.Boolean():
        return dy.Bool(**common)
    kind = {pl.Int32(): dy.Int32, pl.Int64(): dy.Int64, pl.Float64(): dy.Float64}[column.dtype]
    return kind(**common, min=column.min)


def is_valid(schema: type[Schema], frame: pl.DataFrame) -> bool:
    try:
        schema.validate(frame)
    except ValidationError:
        return False
    return True


VALUES = {
    pl.String(): st.sampled_from(
        ["0a", "0b", "ff", "x", "one", "two", "document", "smartable", "0123456789abcdef", ""]
    ),
    pl.Int32(): st.integers(-2, 3),
    pl.Int64(): st.integers(-2, 3),
    pl.Float64(): st.sampled_from([0.0, 1.5, -1.0, math.nan, math.inf]),
    pl.Boolean(): st.booleans(),
    pl.Date(): st.dates(),
    pl.Datetime("us"): st.datetimes(),
}


@st.composite
def frames(draw: st.DrawFn, schema: type[Schema]) -> pl.DataFrame:
    """Frames of the columns of a schema, most of them with few faults or none."""
    height = draw(st.integers(1, 3))
    data = {}
    for name, column in schema.columns().items():
        values = VALUES[column.dtype]
        if column.categories:
            values = (
                st.sampled_from([*column.categories, "x"]) if draw(st.booleans()) else st.just(column.categories[0])
            )
        elif column.regex:
            values = st.sampled_from(["0a", "0b", "0123456789abcdef", "x"])
        may_be_null = column.nullable or draw(st.integers(0, 9)) == 0
        drawn = draw(
            st.lists(st.one_of(st.none(), values) if may_be_null else values, min_size=height, max_size=height)
        )
        data[name] = pl.Series(drawn, dtype=column.dtype)
    return pl.DataFrame(data)


@given(frames(Example))
def test_a_frame_is_valid_if_dataframely_finds_nothing(frame: pl.DataFrame) -> None:
    assert is_valid(Example, frame) == with_dataframely(Example).is_valid(frame)


@settings(max_examples=5)
@given(st.data())
@pytest.mark.parametrize("name", INPUTS)
def test_a_frame_of_a_declared_table_is_valid_if_dataframely_finds_nothing(name: str, data: st.DataObject) -> None:
    frame = data.draw(frames(INPUTS[name]))
    assert is_valid(INPUTS[name], frame) == with_dataframely(INPUTS[name]).is_valid(frame)


GOOD = {"document_id": "0a", "position": 0, "path": "a", "length": 1.5, "kind": "two", "at": None}
FAULTS = [
    ({"document_id": None}, "document_id is never null (1 rows)"),
    ({"document_id": "0A"}, "document_id matches ^[0-9a-f]{2}$ (1 rows)"),
    ({"position": -2}, "position is at least -1 (1 rows)"),
    ({"path": "b"}, "path is unique (2 rows)"),
    ({"path": "c", "document_id": "0b", "position": 7}, "document_id, position is unique (2 rows)"),
    ({"length": math.nan}, "length is finite (1 rows)"),
    ({"length": -0.5}, "length is at least 0 (1 rows)"),
    ({"kind": "three"}, "kind is one of one, two (1 rows)"),
    ({"kind": "one"}, "a one has no length (1 rows)"),
]


@pytest.mark.parametrize(("fault", "message"), FAULTS)
def test_each_rule_that_rows_break_is_named_with_their_number(fault: dict[str, object], message: str) -> None:
    types = {name: column.dtype for name, column in Example.columns().items()}
    others = [GOOD | {"document_id": "0b", "path": "b"}, GOOD | {"document_id": "0b", "path": "d", "position": 7}]
    Example.validate(pl.DataFrame([GOOD, *others], schema=types))
    with pytest.raises(ValidationError) as error:
        Example.validate(pl.DataFrame([GOOD | fault, *others], schema=types))
    assert str(error.value) == f"Example: these rules do not hold: {message}"


def test_a_column_that_is_missing_or_of_another_type_is_named() -> None:
    types = {name: column.dtype for name, column in Example.columns().items()}
    frame = pl.DataFrame([GOOD], schema=types)
    Example.validate(frame.with_columns(other=1))
    with pytest.raises(ValidationError, match=r"^Example: path is None, not String$"):
        Example.validate(frame.drop("path"))
    with pytest.raises(ValidationError, match=r"^Example: position is Int64, not Int32$"):
        Example.validate(frame.cast({"position": pl.Int64}))
