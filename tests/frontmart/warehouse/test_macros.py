"""Macros in the warehouse: compared with their headers, with errors that name the file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from frontmart.catalog.headers import Parameter
from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.macros import create_functions, create_macros, signature
from tests.sql.frames import model_of


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path, threads=1) as con:
        yield con


def macro_of(query: str, **parameters: str | None) -> Model:
    asked = {name: Parameter(f"Parameter {name}.", default) for name, default in parameters.items()}
    return replace(model_of(query, layer="macros"), parameters=asked)


def test_a_macro_is_called_by_its_bare_name_with_or_without_what_has_a_default(con: duckdb.DuckDBPyConnection) -> None:
    macro = macro_of("select cast(one as integer) as a, cast(two as varchar) as b", one=None, two="'it''s'")
    create_macros(con, [macro])
    assert signature(macro) == "it(one, two := 'it''s')"
    assert con.execute("from it(7)").fetchall() == [(7, "it's")]
    assert con.execute("from it(7, two := 'that')").fetchall() == [(7, "that")]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select 1 as a", "its header describes b, which the query does not return. Make the two agree."),
        (
            "select 1 as a, 2 as b, 3 as c",
            "the query returns c, which its header does not describe. Make the two agree.",
        ),
        ("select 1 as a, 1.5 as b", "types that not all tools support: b DECIMAL(2,1)."),
    ],
)
def test_a_header_that_differs_from_the_macro_is_refused(
    con: duckdb.DuckDBPyConnection, query: str, message: str
) -> None:
    with pytest.raises(ModelError) as caught:
        create_macros(con, [macro_of(query)])
    assert str(caught.value).startswith(f"sql/macros/it.sql: {message}")


@pytest.mark.parametrize("query", ["select x as a, 2 as b from core.nothing", "select unknown as a, 2 as b"])
def test_a_macro_that_fails_names_its_file_in_one_line(con: duckdb.DuckDBPyConnection, query: str) -> None:
    with pytest.raises(ModelError) as caught:
        create_macros(con, [macro_of(query)])
    message = str(caught.value)
    assert message.startswith("sql/macros/it.sql failed: ")
    assert message.endswith(". Correct the macro.")
    assert "\n" not in message


def test_a_function_that_fails_names_its_file_in_one_line(con: duckdb.DuckDBPyConnection) -> None:
    function = replace(macro_of("2 * (number", number=None), layer="functions", path=Path("sql/functions/it.sql"))
    with pytest.raises(ModelError, match=r"^sql/functions/it\.sql failed: .*\. Correct the function\.$"):
        create_functions(con, [function])
