"""The functions of scores: what a score says of a group, and its measures, which are NULL where it says nothing."""

from collections.abc import Iterator

import duckdb
import pytest

from frontmart.catalog.models import read_functions
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_functions(con, read_functions(SQL))
        yield con


@pytest.mark.parametrize(
    ("scores", "basis", "median", "mean", "highest"),
    [
        ([], "none", None, None, None),
        ([None, None], "none", None, None, None),
        ([7, None], "too few", None, None, None),
        ([7, 7, None, 7], "constant", None, None, None),
        ([7, 8], "varies", 7.5, 7.5, 8),
        ([0, 20, None, 10, 100], "varies", 15.0, 32.5, 100),
        ([-1, 0, 0], "varies", 0.0, -1 / 3, 0),
    ],
)
def test_a_score_that_does_not_vary_has_a_reason_instead_of_measures(
    con: duckdb.DuckDBPyConnection,
    scores: list[int | None],
    basis: str,
    median: float | None,
    mean: float | None,
    highest: int | None,
) -> None:
    measures = "score_basis(score), score_median(score), score_mean(score), score_max(score)"
    rows = con.execute(f"select {measures} from (select unnest($1::bigint[]) as score)", [scores]).fetchall()
    assert rows == [(basis, median, mean, highest)]


def test_a_score_of_news_alone_is_measured_through_a_condition(con: duckdb.DuckDBPyConnection) -> None:
    articles = "(values (true, 1), (true, 3), (false, 100), (true, null)) as articles(is_news, heat)"
    query = f"select score_median(if(is_news, heat, null)), score_basis(if(is_news, null, heat)) from {articles}"
    assert con.execute(query).fetchall() == [(2.0, "too few")]
