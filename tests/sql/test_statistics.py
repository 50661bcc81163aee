"""The functions of sql/functions that compute statistics, against plain Python: exact fractions and math.erfc."""

from collections.abc import Iterator
from fractions import Fraction
from math import comb, erfc, lgamma, log, sqrt
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest

from frontmart.catalog.models import read_functions
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL

Z = 1.959963984540054


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        create_functions(con, read_functions(SQL))
        yield con


def upper(hits: int, marked: int, drawn: int, population: int) -> Fraction:
    """The upper tail of the hypergeometric distribution, exactly."""
    ways = sum(
        comb(marked, more) * comb(population - marked, drawn - more)
        for more in range(max(hits, drawn + marked - population, 0), min(marked, drawn) + 1)
    )
    return Fraction(ways, comb(population, drawn))


def _of(con: duckdb.DuckDBPyConnection, expressions: str, tables: list[tuple[int, int, int, int]]) -> list[Any]:
    frame = pl.DataFrame(tables, schema=["hits", "marked", "drawn", "population"], orient="row")
    return con.sql(f"select {expressions} from frame order by ({', '.join(frame.columns)})").fetchall()


def test_tails_of_every_small_table(con: duckdb.DuckDBPyConnection) -> None:
    tables = sorted(
        (hits, marked, drawn, population)
        for population in range(1, 9)
        for marked in range(population + 1)
        for drawn in range(population + 1)
        for hits in range(min(marked, drawn) + 1)
        if drawn - hits <= population - marked
    )
    found = _of(
        con,
        "hypergeometric_upper_p(hits, marked, drawn, population), hypergeometric_lower_p(hits, marked, drawn, "
        "population), fisher_p(hits, marked, drawn, population)",
        tables,
    )
    for table, row in zip(tables, found, strict=True):
        above, below = upper(*table), 1 - upper(table[0] + 1, *table[1:])
        assert row == pytest.approx((above, below, min(1, 2 * min(above, below))), rel=1e-9), table


def test_tails_of_large_tables_keep_their_digits_far_out(con: duckdb.DuckDBPyConnection) -> None:
    random = Random(14)
    tables: set[tuple[int, int, int, int]] = set()
    while len(tables) < 150:
        population = random.choice([50, 200, 800])
        marked, drawn = (random.randint(0, random.choice([10, population])) for _ in range(2))
        low, high = max(0, marked + drawn - population), min(marked, drawn)
        tables.add((min(high, max(low, random.choice([low, high, (low + high) // 2, 5, marked * drawn // population,
                                                        marked * drawn // population + 7]))),
                       marked, drawn, population))  # fmt: skip
    found = _of(con, "hypergeometric_upper_p(hits, marked, drawn, population)", sorted(tables))
    for table, (p,) in zip(sorted(tables), found, strict=True):
        expected = float(upper(*table))
        assert p == pytest.approx(expected, rel=1e-9, abs=1e-11 if expected > 1e-9 else 1e-300), table


def test_a_table_of_a_million_takes_few_terms(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("select hypergeometric_upper_p(250500, 500000, 500000, 1000000)").fetchone()
    z = (500 - 0.5) / 250
    assert found is not None
    assert found[0] == pytest.approx(erfc(z / sqrt(2)) / 2, rel=1e-3)


def test_a_tail_without_a_column_is_null(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("select fisher_p(null, 1, 2, 3), normal_p(null), wilson_low(0, 0), newcombe_high(1, 2, 0, 0)"
                       ).fetchone() == (None, None, None, None)  # fmt: skip


def test_the_logarithm_of_a_binomial_coefficient(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("select log_binomial(60, 17), log_binomial(5, 0), log_binomial(10000, 4000)").fetchone()
    assert found == pytest.approx(
        (log(comb(60, 17)), 0, lgamma(10_001) - lgamma(4_001) - lgamma(6_001)), rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("z", [0.0, -0.3, 1.0, 1.96, -3.3, 6.0, 12.0, 37.0])
def test_the_normal_tail_has_the_error_that_it_states(con: duckdb.DuckDBPyConnection, z: float) -> None:
    (found,) = con.execute("select normal_p($1)", [z]).fetchone() or (None,)
    assert found == pytest.approx(erfc(abs(z) / sqrt(2)), rel=1.2e-7)
    assert found <= 1


def wilson(hits: int, total: int) -> tuple[float, float]:
    share, square = hits / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return max(0, middle - half), min(1, middle + half)


@pytest.mark.parametrize("counts", [(0, 10, 0, 10), (56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (1, 1000, 3, 7)])
def test_intervals_of_a_share_and_of_a_difference(
    con: duckdb.DuckDBPyConnection, counts: tuple[int, int, int, int]
) -> None:
    hits, total, other_hits, other_total = counts
    (low, high), (other_low, other_high) = wilson(hits, total), wilson(other_hits, other_total)
    share, other = hits / total, other_hits / other_total
    found = con.execute(
        "select wilson_low(a, n), wilson_high(a, n), newcombe_low(a, n, b, m), newcombe_high(a, n, b, m) "
        "from (select $1 as a, $2 as n, $3 as b, $4 as m)", counts
    ).fetchone()  # fmt: skip
    assert found == pytest.approx(
        (
            low,
            high,
            share - other - sqrt((share - low) ** 2 + (other_high - other) ** 2),
            share - other + sqrt((high - share) ** 2 + (other - other_low) ** 2),
        ),
        abs=1e-12,
    )


def test_newcombes_own_example(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("select newcombe_low(56, 70, 48, 80), newcombe_high(56, 70, 48, 80)").fetchone()
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)
