"""The dictionary agrees with the data: NULLs, references, examples, units and origins."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.corpus import write_corpus
from frontmart.catalog.column_origins import Origin, column_origins
from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.catalog.units import bounds_of, unit_of
from frontmart.dictionary.examples import examples
from frontmart.dictionary.tables import read_tables
from frontmart.run import Run
from frontmart.warehouse.read_only import open_read_only
from frontmart.warehouse.statements import quote_identifier, quote_names
from tests.frontmart.warehouse.test_readers import QUERIES
from tests.sample import build_quietly
from tests.sql.frames import document, warehouse_of
from tests.transforms.test_fixtures import FIXTURES

TABLES = {table.full_name: table for table in read_tables(SQL) if table.kind != "macro"}


@pytest.fixture(scope="module")
def warehouses(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sample, the hostile fixtures, and a large corpus that lost a third of its files since its last snapshot."""
    folder = tmp_path_factory.mktemp("large")
    write_corpus(folder / "source", 600, 5)
    build_quietly(folder / "source", folder / "out")
    for path in sorted((folder / "source").rglob("*.md"))[::3]:
        path.unlink()
    large = build_quietly(folder / "source", folder / "out")
    hostile = build_quietly(FIXTURES, folder / "hostile")
    return [run.out / "published" / "warehouse.duckdb" for run in (sample, hostile, large)]


@pytest.mark.slow
def test_a_column_that_is_not_marked_is_never_null(warehouses: list[Path]) -> None:
    found = []
    for warehouse in warehouses:
        with open_read_only(warehouse) as con:
            for name, table in TABLES.items():
                required = [column.name for column in table.columns if not column.is_nullable]
                counts = ", ".join(f"count(*) - count({quote_identifier(column)})" for column in required)
                row = con.execute(f"select {counts} from {name}").fetchall()[0]
                found += [f"{name}.{column}" for column, nulls in zip(required, row, strict=True) if nulls]
    assert found == []


def test_a_column_of_a_macro_that_is_not_marked_is_never_null(changed_sample: Run) -> None:
    calls = {query.split("(")[0].removeprefix("from "): query for query in QUERIES if "(" in query}
    macros = {table.name: table for table in read_tables(SQL) if table.kind == "macro"}
    assert calls.keys() == macros.keys()
    found = []
    with open_read_only(changed_sample.out / "published" / "warehouse.duckdb") as con:
        for name, macro in macros.items():
            required = [column.name for column in macro.columns if not column.is_nullable]
            rows = con.execute(f"select {quote_names(required)} {calls[name]}").fetchall()
            found += [
                (name, column) for row in rows for column, value in zip(required, row, strict=True) if value is None
            ]
    assert found == []


def test_a_run_that_ended_early_leaves_exactly_the_marked_columns_null(tmp_path: Path) -> None:
    run = {"run_id": "1", "started_at": "2026-01-30T00:00:00", "outcome": "failed"}
    with warehouse_of(tmp_path, [document("a")], runs=[run]) as con:
        for name in ("marts.run_history", "staging.runs", "tidy.runs"):
            (row,) = con.execute(f"select {quote_names(c.name for c in TABLES[name].columns)} from {name}").fetchall()
            null = {column.name for column, value in zip(TABLES[name].columns, row, strict=True) if value is None}
            assert null == {column.name for column in TABLES[name].columns if column.is_nullable}


@pytest.mark.slow
def test_every_reference_leads_to_a_row(warehouses: list[Path]) -> None:
    lost = []
    for warehouse in warehouses:
        with open_read_only(warehouse) as con:
            for name, table in TABLES.items():
                for reference in table.references:
                    pairs = list(zip(reference.columns, TABLES[reference.table].key, strict=True))
                    on = " and ".join(
                        f"a.{quote_identifier(column)} = b.{quote_identifier(key)}" for column, key in pairs
                    )
                    known = " and ".join(f"a.{quote_identifier(column)} is not null" for column, _ in pairs)
                    query = f"select count(*) from {name} a anti join {reference.table} b on {on} where {known}"
                    if con.execute(query).fetchall() != [(0,)]:
                        lost.append((name, reference))
    assert lost == []


@pytest.mark.slow
def test_values_keep_to_the_bounds_of_their_units(warehouses: list[Path]) -> None:
    for warehouse in warehouses:
        with open_read_only(warehouse) as con:
            for name, table in TABLES.items():
                for column in table.columns if table.schema in ("marts", "core") else ():
                    for word, bound in bounds_of(column.unit).items():
                        beyond = "<" if word == "minimum" else ">"
                        query = f"select count(*) from {name} where {quote_identifier(column.name)} {beyond} {bound}"
                        assert con.execute(query).fetchall() == [(0,)], (name, column.name)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("published_at", "UTC timestamp"),
        ("calendar_date", "UTC day"),
        ("article_count", "count"),
        ("document_count_change", "count, may be negative"),
        ("article_share", "share, 0..1"),
        ("last_7_days_growth_share", "share, from -1"),
        ("median_lag_hours", "hours"),
        ("span_days", "days"),
        ("window_days", "days"),
        ("days_before_window_end", "days"),
        ("p_value", "probability, 0..1"),
        ("q_value", "false discovery rate, 0..1"),
        ("z", "standard deviations"),
        ("log_odds", "natural logarithm"),
        ("expected_firsts", "count, may be a fraction"),
        ("related_rank_correlation", "correlation, -1..1"),
        ("news_article_share_without_omnipresent", "share, 0..1"),
        ("median_heat", "score"),
        ("topic_id_a", "id"),
        ("is_published", "yes or no"),
        ("hours_since_previous_run", "hours"),
        ("title", ""),
    ],
)
def test_a_name_gives_the_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_an_example_is_the_first_value_by_key_that_is_neither_empty_nor_zero(tmp_path: Path) -> None:
    documents = [
        document("b", title="Second", heat=0, is_published=False),
        document("a", title=None, name="x" * 60, heat=None, type="two\nlines"),
        document("c", title="Third", heat=7, is_published=True),
    ]
    with warehouse_of(tmp_path, documents) as con:
        found = examples(con, TABLES["tidy.documents"])
    shown = {
        name: found.get(name) for name in ("document_id", "title", "name", "heat", "is_published", "type", "price")
    }
    assert shown == {
        "document_id": "a",
        "title": "Second",
        "name": "x" * 39 + "…",
        "heat": "7",
        "is_published": "true",
        "type": "two lines",
        "price": None,
    }


def test_a_warehouse_of_another_version_gives_the_examples_that_it_has() -> None:
    with duckdb.connect() as con:
        con.execute("create schema marts; create table marts.topic_pairs as select 'a' topic_id_a, 'b' topic_id_b")
        assert examples(con, TABLES["marts.topic_pairs"]) == {"topic_id_a": "a", "topic_id_b": "b"}
        assert examples(con, TABLES["marts.provider_report"]) == {}


def test_a_table_knows_what_it_is_made_of_and_what_is_made_of_it() -> None:
    images = TABLES["core.article_images"]
    assert images.reads == ("core.articles", "staging.document_images")
    assert images.used_by == images.marts == ("marts.image_coverage",)
    assert [check.name for check in images.checks] == [
        "article_images_equal_those_of_documents",
        "images_and_links_add_up",
        "unique_key_core_article_images",
    ]
    assert TABLES["tidy.runs"].marts == ("marts.run_history",)
    assert TABLES["tidy.rejects"].marts == ()


ORIGINS = {
    "marts.run_history": {
        "reject_share": {"staging.runs.reject_count", "staging.runs.file_count"},
        "is_published": {"staging.runs.is_published"},
        "hours_since_previous_run": {"staging.runs.started_at", "staging.runs.run_number"},
    },
    "marts.topic_pairs": {
        "topic_id_a": {"core.article_topics.topic_id"},
        "topic_a": {"core.dim_topics.topic"},
        "article_count": set(),
        "cluster_count": {"core.articles.cluster_id"},
        "jaccard_share": {"core.dim_topics.article_count"},
    },
    "marts.provider_report": {
        "provider_name": {"core.dim_providers.provider_name"},
        "mean_heat": {"core.articles.heat", "core.articles.is_news"},
        "last_7_days_article_count": {"core.articles.days_before_window_end"},
        "image_coverage_share": {"core.articles.has_image"},
        "last_published_at": {"core.articles.published_at", "core.articles.calendar_date"},
    },
}


def test_a_column_is_read_from_what_its_expressions_name() -> None:
    origins = column_origins(read_models(SQL))
    for mart, expected in ORIGINS.items():
        assert list(origins[mart]) == [column.name for column in TABLES[mart].columns]
        assert {column: origins[mart][column].read for column in expected} == expected
    assert origins["marts.provider_report"]["mean_heat"].tidy == {"tidy.documents.heat", "tidy.article_kinds.kind"}
    assert origins["core.articles"]["heat"] == Origin(frozenset({"staging.documents.heat"}), frozenset())
