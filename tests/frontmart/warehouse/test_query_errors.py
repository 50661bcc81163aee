"""What DuckDB says of a bad query, in one line that says where and what may be meant."""

import duckdb
import pytest

from frontmart.warehouse.query_errors import explain_query_error

SETUP = """
create table topics (topic varchar, topic_id varchar, story_count bigint);
create macro coverage(topic_name, grain := 'month') as table select topic from topics;
"""


@pytest.mark.parametrize(
    ("sql", "explained"),
    [
        (
            "select topic\nfrom topics\nwhere topik = 'a'",
            'line 3, `topik`: Referenced column "topik" not found in FROM clause; '
            'did you mean "topic" or "topic_id" or "story_count"?',
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
        ("select error('')", "Invalid Input Error:"),
    ],
)
def test_a_refusal_is_one_line(sql: str, explained: str) -> None:
    with duckdb.connect() as con:
        con.execute(SETUP)
        with pytest.raises(duckdb.Error) as caught:
            con.execute(sql).fetchall()
    assert explain_query_error(caught.value) == explained


def test_tables_of_duckdb_are_never_meant() -> None:
    error = duckdb.CatalogException('Catalog Error: Table with name storis does not exist!\nDid you mean "pg_enum"?')
    assert explain_query_error(error) == "Table with name storis does not exist"


def test_the_place_in_a_line_that_is_shown_in_part_is_still_right() -> None:
    sql = f"select story_count from topics where topic = '{'long ' * 40}' and storycount > 1 and story_count < 10"
    with duckdb.connect() as con:
        con.execute(SETUP)
        with pytest.raises(duckdb.Error) as caught:
            con.execute(sql)
    assert explain_query_error(caught.value).startswith("line 1, `storycount`: ")
