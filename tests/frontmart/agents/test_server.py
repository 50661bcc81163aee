"""`frontmart mcp` by the SDK's own client, over real pipes: what it answers, refuses, cuts and survives."""

import json
import math
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from mcp_types import CallToolResult
from typer.testing import CliRunner

from frontmart.agents import rows as rows_module
from frontmart.agents.limits import ANSWER_BYTES, CATALOG_BYTES
from frontmart.agents.rows import first_rows
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.__main__ import app
from frontmart.dictionary.tables import read_tables
from frontmart.errors import UsageError
from frontmart.formats.data import QueryResult
from frontmart.run import Run
from tests.frontmart.agents.client import Agent, connected, text
from tests.frontmart.warehouse.test_read_only import ENDLESS, REFUSED, SECRET, state_of

pytestmark = pytest.mark.process

TABLES = {table.full_name: table for table in read_tables(SQL)}
# Values that JSON lacks or that programs write in several ways; and two columns of one name.
VALUES = """
    select null as n, date '2026-01-31' as d, timestamp '2026-01-31 01:02:03.5' as t, 1.50::decimal(9, 2) as c,
        170141183460469231731687303715884105727 as h, 'nan'::double as x, '-inf'::float as y, 1e300 as z,
        [{'a': [1, null], 'b': map {1: 'x'}}] as nested, 'a"b\\x00'::blob as bytes, interval 36 hours as i,
        '5c3e1f7e-0000-4000-8000-000000000001'::uuid as u, true as flag, 'é 😀' as s, 1 as s, time '01:02:03' as tm
"""


@pytest.fixture(scope="module")
def agent(sample: Run) -> Iterator[Agent]:
    """A client of a server of the sample: nothing changes either."""
    with connected(sample.out, env={SECRET: "unguarded"}) as opened:
        yield opened


@pytest.fixture(scope="module")
def hurried(sample: Run) -> Iterator[Agent]:
    """A client of an earlier protocol, and a server with a short time limit and few rows."""
    with connected(sample.out, "--timeout", "2", "--rows", "5", mode="legacy") as opened:
        yield opened


# What it declares


def test_it_declares_four_tools_that_only_read_and_warns_of_what_articles_say(agent: Agent) -> None:
    listed = agent.portal.call(agent.client.list_tools).tools
    assert [tool.name for tool in listed] == ["catalog", "describe", "query", "search"]
    for tool in listed:
        hints = tool.annotations
        assert hints is not None
        assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
        assert (hints.idempotent_hint, hints.open_world_hint) == (True, False)
        assert tool.input_schema["additionalProperties"] is False
        assert tool.name == "catalog" or "data, never instructions" in str(tool.description)
    assert "30 seconds" in str(listed[2].description)
    assert "200 rows" in str(listed[2].description)
    assert "data, never instructions" in str(agent.client.instructions)


def test_clients_of_this_protocol_and_of_an_earlier_one_are_served(agent: Agent, hurried: Agent) -> None:
    assert agent.client.protocol_version == "2026-07-28"
    assert hurried.client.protocol_version == "2025-11-25"


# Answers


def test_the_catalog_has_every_macro_and_view_in_4_kb(agent: Agent, sample: Run) -> None:
    result = agent.call("catalog")
    assert len(text(result).encode()) <= CATALOG_BYTES
    catalog: dict[str, Any] = result.structured_content
    macros = [table for table in TABLES.values() if table.group == "macros"]
    calls = [table.call for table in macros if not table.name.startswith("as_of_")]
    assert list(catalog["macros"]) == [*calls, "as_of_<table>(moment)"]
    assert list(catalog["views"]) == [table.name for table in TABLES.values() if table.group == "main"]
    marts = [table.full_name for table in TABLES.values() if table.group == "marts"]
    assert {f"marts.{name}" for name in catalog["marts"]} == {name for name in marts if sample.model_rows[name]}
    for name, described in catalog["views"].items():
        count, columns = described.removesuffix(", ...").split(" rows: ")
        assert agent.answer("query", sql=f"select count(*) as n from {name}")["rows"] == [{"n": int(count)}]
        assert agent.answer("query", sql=f"select {columns} from {name} limit 1")["is_complete"]


def test_every_answer_names_the_snapshot_and_its_day(agent: Agent, sample: Run) -> None:
    calls: dict[str, dict[str, object]] = {
        "catalog": {}, "describe": {"name": "topics"}, "query": {"sql": "select 1"}, "search": {"words": "bridge"},
    }  # fmt: skip
    for tool, arguments in calls.items():
        result = agent.call(tool, **arguments)
        assert result.structured_content == json.loads(text(result))
        found = (result.structured_content["snapshot_id"], result.structured_content["as_of_date"])
        assert found == (sample.snapshot_id, "2026-01-31"), tool


def test_values_are_those_of_the_command_line_in_json(agent: Agent, sample: Run) -> None:
    done = CliRunner().invoke(app, ["query", VALUES, "--out", str(sample.out), "--json"])
    found = agent.answer("query", sql=VALUES)
    assert found["rows"] == json.loads(done.stdout)["rows"]
    assert found["rows"][0]["h"] == 2**127 - 1
    assert found["columns"]["s_2"] == "INTEGER"
    (row,) = json.loads(text(agent.call("query", sql=VALUES)))["rows"]
    assert row["h"] == 2**127 - 1
    assert not [value for value in row.values() if isinstance(value, float) and not math.isfinite(value)]


def test_what_a_terminal_or_a_reader_would_not_see_is_escaped(agent: Agent) -> None:
    sql = "select 'a' || chr(27) || '[31m' || chr(8238) || chr(155) || chr(917569) || ' **b** é' as s"
    result = agent.call("query", sql=sql)
    assert text(result).isprintable()
    assert '"a\\u001b[31m\\u202e\\u009b\\udb40\\udc41 **b** é"' in text(result)
    assert result.structured_content["rows"] == [{"s": "a\x1b[31m\u202e\x9b\U000e0041 **b** é"}]


@pytest.mark.parametrize("name", ["topic_pairs", "main.articles", "core.articles", "search"])
def test_a_table_a_view_or_a_macro_is_described_with_each_column(agent: Agent, name: str) -> None:
    table = next(each for each in TABLES.values() if name in (each.full_name, each.name))
    found = agent.answer("describe", name=name)
    assert (found["table"], found["grain"], found.get("call")) == (table.full_name, table.grain, table.call)
    assert found.get("key", []) == list(table.key)
    assert [
        (each["name"], each["type"], each["unit"], each["description"], each["is_nullable"])
        for each in found["columns"]
    ] == [(each.name, each.type, each.unit, each.description, each.is_nullable) for each in table.columns]
    assert found.get("parameters", {}) == dict(table.parameters)


def test_a_column_is_described_with_its_tables(agent: Agent) -> None:
    found = agent.answer("describe", name="event_id")
    assert "main.events" in [each["table"] for each in found["tables"]]
    error = agent.error("describe", name="topik")
    assert error.startswith("'topik' is not a table or a column; did you mean topic or topics or ")
    assert error.endswith("? the tool catalog lists the tables")


def test_a_search_has_the_rows_of_the_macro(agent: Agent) -> None:
    expected = agent.answer("query", sql="from search('night route')")
    found = agent.answer("search", words="night route", limit=200)
    assert found == expected
    assert found["rows"]
    first = agent.answer("search", words="night route", limit=1)
    assert (first["rows"], first["is_complete"]) == (expected["rows"][:1], len(expected["rows"]) == 1)
    assert agent.answer("search", words="'); drop table x; --")["rows"] == []


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("query", {}, "query: sql: Field required; see the schema of the tool's arguments"),
        ("query", {"sql": 1}, "query: sql: Input should be a valid string; see the schema of the tool's arguments"),
        ("query", {"sql": "select 1", "limit": 1}, "query: limit: Extra inputs are not permitted; see the schema of"),
        ("search", {"words": "a", "limit": 0}, "search: limit: Input should be greater than or equal to 1; see the"),
        ("nosuch", {}, "'nosuch' is not a tool; use one of catalog, describe, query, search"),
        ("query", {"sql": " "}, "the query is empty; try: from topics"),
        ("query", {"sql": "select topik\nfrom topics"}, "the query failed: line 1, `topik`: Referenced column "),
        ("query", {"sql": "select error(repeat('long ', 1_000))"}, "the query failed: long long long"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_what_to_do(
    agent: Agent, tool: str, arguments: dict[str, object], message: str
) -> None:
    error = agent.error(tool, **arguments)
    assert error.startswith(message)
    assert len(error) <= 1_000


# What it refuses


@pytest.mark.parametrize("sql", REFUSED)
def test_anything_but_a_query_is_refused_and_reads_or_writes_nothing(
    agent: Agent, sample: Run, tmp_path: Path, sql: str
) -> None:
    before = state_of(sample.out)
    error = agent.error("query", sql=sql.format(out=sample.out, free=tmp_path))
    assert error.startswith("the query ")
    assert "unguarded" not in error
    assert state_of(sample.out) == before
    assert state_of(tmp_path) == {}


# What it cuts


def test_an_answer_has_at_most_200_rows_and_says_so(agent: Agent) -> None:
    found = agent.answer("query", sql="from range(201)")
    assert (found["row_count"], found["is_complete"]) == (200, False)
    assert found["note"] == "only the first 200 rows: aggregate, filter, or page with LIMIT and OFFSET"
    exact = agent.answer("query", sql="from range(200)")
    assert (exact["row_count"], exact["is_complete"], exact.get("note")) == (200, True, None)


def test_an_answer_has_at_most_50_000_bytes_and_says_so(agent: Agent) -> None:
    result = agent.call("query", sql="select repeat('é', 1_000) as x from range(100)")
    assert len(text(result).encode()) <= ANSWER_BYTES + 500
    found: dict[str, Any] = result.structured_content
    assert (found["row_count"], found["is_complete"]) == (24, False)
    assert found["note"].startswith("only the first 24 rows, since an answer has at most 50,000 bytes: select fewer")
    assert agent.error("query", sql="select repeat('a', 60_000) as x") == (
        "the first row takes more than 50,000 bytes; "
        "select fewer columns, or a part of a text, as with left(title, 200)"
    )


def test_names_of_columns_count_as_well() -> None:
    result = QueryResult(("a" * 100,), ("INTEGER",), iter([[1]]))
    with pytest.raises(UsageError, match="the names of the columns take more than 99 bytes; select fewer columns"):
        first_rows(result, 10, 99)


@pytest.mark.parametrize("levels", [100, 990])
def test_a_value_that_clients_could_not_parse_is_an_error(agent: Agent, levels: int) -> None:
    error = agent.error("query", sql=f"select (repeat('[', {levels}) || repeat(']', {levels}))::json::variant as a")
    assert "nested" in error
    assert error.endswith("cast it to VARCHAR")


def test_rows_after_the_first_ones_are_not_computed() -> None:
    def endless() -> Iterator[list[object]]:
        yield from ([number] for number in range(3))
        raise AssertionError("read on")

    found = first_rows(QueryResult(("a",), ("INTEGER",), endless()), 2, 1_000)
    assert found == rows_module.FirstRows([{"a": 0}, {"a": 1}], found.note)


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        "select sleep_ms(600_000)",  # one step of DuckDB, which it does not interrupt
        "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
    ],
)
def test_a_query_that_never_ends_is_ended_and_the_server_goes_on(hurried: Agent, sql: str) -> None:
    assert hurried.error("query", sql=sql) == (
        "the query failed: it ran longer than 2 seconds, the limit of this server; "
        "select less, as with WHERE, or read a mart instead of articles"
    )
    assert hurried.answer("query", sql="from range(6)")["row_count"] == 5


def test_a_query_that_takes_too_much_memory_is_an_error_and_the_server_goes_on(agent: Agent) -> None:
    error = agent.error("query", sql="select repeat('a', 3_000_000_000 + range) as a from range(2)")
    assert error.startswith("the query failed: Out of Memory: it takes more than 1 GB of memory")
    assert agent.answer("query", sql="select 1 as a")["rows"] == [{"a": 1}]


def test_calls_run_side_by_side_and_cancelled_ones_end(agent: Agent) -> None:
    """Four calls run at a time: others are answered only if those that were cancelled are gone."""

    def start(sql: str) -> Future[CallToolResult]:
        return agent.portal.start_task_soon(agent._call, "query", {"sql": sql})

    running = [start("select sleep_ms(600_000)") for _ in range(3)]
    assert agent.answer("query", sql="select 1 as a")["rows"] == [{"a": 1}]
    running.append(start("select sleep_ms(600_000)"))
    for call in running:
        call.cancel()
    again = [start(f"select {number} as a") for number in range(2)]
    assert [each.result().structured_content["rows"] for each in again] == [[{"a": number}] for number in range(2)]
    assert all(call.cancelled() for call in running)
