"""Errors of DuckDB in one line that says where the error is and which name may be meant."""

from collections.abc import Iterator

import duckdb
import pytest

from frontmart.warehouse.query_errors import error_text, explain_query_error

SETUP = """
create table topics (topic varchar, topic_id varchar, cluster_count bigint);
create macro coverage(topic_name, grain := 'month') as table select topic from topics;
create macro numbers(texts) as table select texts::integer as number from topics;
insert into topics values ('a', 'a', 1);
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"errors_as_json": True}) as con:
        con.execute(SETUP)
        yield con


def error_of(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Error:
    with pytest.raises(duckdb.Error) as caught:
        con.execute(sql).fetchall()
    return caught.value


@pytest.mark.parametrize(
    ("sql", "explained"),
    [
        (
            "select topic\nfrom topics\nwhere topik = 'a'",
            'line 3, `topik`: Referenced column "topik" not found in FROM clause; did you mean "topic" or "topic_id"?',
        ),
        ("from topix", 'line 1, `topix`: Table with name topix does not exist; did you mean "topics"?'),
        ("selec 1", 'line 1, `selec`: syntax error at or near "selec"'),
        (
            "select topic, count(*) from topics",
            'line 1, `topic`: column "topic" must appear in the GROUP BY clause or must be part of an aggregate '
            'function; either add it to the GROUP BY list, or use ANY_VALUE("topic") if the exact value of "topic" is '
            "not important",
        ),
        (
            "from coverage('C', grein := 'week')",
            "Macro coverage() does not support the supplied arguments. You might need to add explicit type casts; "
            "write coverage(topic_name, grain := 'month')",
        ),
        ("select error('It is so\nand so')", "It is so; and so"),
        ("select error('')", "Invalid Input Error"),
        (
            "select 'é', topik\nfrom topics",
            'line 1, `topik`: Referenced column "topik" not found in FROM clause; did you mean "topic" or "topic_id"?',
        ),
        (
            "select topics.topik from topics",
            'line 1, `topics.topik`: Table "topics" does not have a column named "topik"; '
            'did you mean "topic" or "topic_id"?',
        ),
        (
            "select substr(1)",
            "line 1, `substr(1)`: No function matches the given name and argument types 'substr(INTEGER_LITERAL)'. "
            'You might need to add explicit type casts; write substr(string VARCHAR, "start" BIGINT, length BIGINT) '
            'or substr(string VARCHAR, "start" BIGINT)',
        ),
        ("select 1/*", 'line 1: unterminated /* comment at or near "/*"'),
        ("from pg_enumm", "line 1, `pg_enumm`: Table with name pg_enumm does not exist"),
        ("from numbers('a')", "Could not convert string 'a' to INT32"),
    ],
)
def test_an_error_is_one_line(con: duckdb.DuckDBPyConnection, sql: str, explained: str) -> None:
    assert explain_query_error(error_of(con, sql), sql) == explained


def test_the_position_in_a_long_line_is_right(con: duckdb.DuckDBPyConnection) -> None:
    sql = f"select cluster_count from topics where topic = '{'long ' * 40}' and clustercount > 1 and cluster_count < 10"
    assert explain_query_error(error_of(con, sql), sql).startswith("line 1, `clustercount`: ")


def test_a_long_expression_is_cut(con: duckdb.DuckDBPyConnection) -> None:
    sql = f"select cast('{'long ' * 20}' as integer)"
    assert explain_query_error(error_of(con, sql), sql).startswith(f"line 1, `{sql[7:67]}…`: Could not convert string ")


def test_an_error_can_be_shown_as_duckdb_shows_it(con: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect() as plain:
        plain.execute(SETUP)
        for sql in ("from topix", "select error('late')"):
            shown = str(error_of(plain, sql))
            assert shown.startswith(error_text(error_of(con, sql)))
            assert error_text(error_of(plain, sql)) == shown
            assert explain_query_error(error_of(plain, sql), sql) == shown.splitlines()[0].rstrip("!")
