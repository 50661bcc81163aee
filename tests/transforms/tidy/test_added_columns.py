"""The values of added columns: text that casts to the type of the column, or a field issue."""

import duckdb
import polars as pl
import pytest

from transforms.parse.records import RECORD_SCHEMA
from transforms.tidy.added_columns import added_columns

VALUES = {
    "text": {"any": "any", '["a"]': '["a"]'},
    "integer": {"5": "5", " 7.0 ": "7", "9007199254740993": "9007199254740993", "1.5": None, "x": None},
    "number": {"0.1": "0.1", "-3": "-3.0", "1e300": "1e+300", "nan": None, "": None},
    "flag": {"Yes": "true", "off": "false", "maybe": None},
    "date": {
        "2021-04-20": "2021-04-20",
        "20-04-2021": "2021-04-20",
        "2021-04-20T23:30:00-05:00": "2021-04-20",
        "2021-04-20 00:30 +0900": "2021-04-20",
        "Tue, 20 Apr 2021 23:30:00 -0500": "2021-04-20",
        "2021-02-29": None,
    },
    "timestamp": {"2021-04-20T23:30:00.25-05:00": "2021-04-21 04:30:00.250000", "soon": None},
    "url": {"https://a.example/b": "https://a.example/b", "/b/c": "/b/c", "a b": None, "javascript:x": None},
}
DUCKDB = {"integer": "bigint", "number": "double", "flag": "boolean", "date": "date", "timestamp": "timestamp"}


def records(type_: str, values: list[str]) -> pl.DataFrame:
    generic = [{"columns": [{"column_name": "c", "key": "a.b", "type": type_, "value": value}]} for value in values]
    paths = [f"{place}.md" for place in range(len(values))]
    return pl.DataFrame({"document_id": paths, "path": paths}).with_columns(
        pl.Series("generic", generic, dtype=RECORD_SCHEMA["generic"], strict=False)
    )


@pytest.mark.parametrize("type_", VALUES)
def test_a_value_is_of_the_type_or_an_issue(type_: str) -> None:
    expected = VALUES[type_]
    rows, issues = added_columns(records(type_, list(expected)))
    assert dict(rows.select("value", "typed_value").rows()) == expected
    refused = [value for value, typed in expected.items() if typed is None]
    assert issues.select("field", "value").rows() == [("a.b", value) for value in refused]
    assert all(issues["problem"].str.len_chars() > 5)


@pytest.mark.parametrize("type_", DUCKDB)
def test_duckdb_casts_what_was_read(type_: str) -> None:
    typed = [text for text in VALUES[type_].values() if text is not None]
    cast = duckdb.sql(f"select cast(t as {DUCKDB[type_]}) from (select unnest($1) as t)", params=[typed]).fetchall()
    assert len(cast) == len(typed) > 0
    assert None not in [value for (value,) in cast]


def test_documents_without_columns_have_no_rows() -> None:
    rows, issues = added_columns(pl.DataFrame(schema=RECORD_SCHEMA))
    assert (rows.height, issues.height) == (0, 0)
    assert "typed_value" in rows.columns
