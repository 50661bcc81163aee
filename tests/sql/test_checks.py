"""sql/checks: silent on a sound warehouse, and each finds the very rows that were broken for it."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from frontmart.catalog.models import Model, read_checks, read_models
from frontmart.errors import ModelError
from frontmart.warehouse.checks import key_checks, run_checks
from tests.sql.frames import SQL, Rows, document, issue, link, person, previous_of, reject, skipped, warehouse_of
from transforms.tables import TABLES

CHECKS = {check.name: check for check in read_checks(SQL)}
# The tables that `document` and `issue` make no row of.
BELOW_DOCUMENTS = [
    name
    for name, schema in TABLES.items()
    if "position" in schema.column_names()
    and name not in ("document_topics", "document_images", "related_items", "field_issues")
]
KEY_CHECKS = {check.name: check for check in key_checks(read_models(SQL))}

# What breaks the warehouse, and the first row that the check must then return.
BROKEN: dict[str, tuple[str, dict[str, object]]] = {
    "every_seen_file_is_accounted_for": (
        "delete from tidy.rejects",
        {"outcome": "reject", "file_count": 1, "row_count": 0},
    ),
    "every_file_is_what_its_outcome_says": (
        "update tidy.files set outcome = 'skipped' where document_id = 'a'",
        {"document_id": "a", "path": "a.md", "outcome": "skipped", "is_document": True, "is_reject": False},
    ),
    "every_child_has_its_parent": (
        "insert into tidy.related_images (document_id, related_position, position) values ('a', 9, 0)",
        {"table_name": "related_images", "document_id": "a", "position": 9, "missing_parent": "related item"},
    ),
    "articles_are_the_coverage": (
        "delete from core.articles where document_id = 'a'",
        {"document_id": "a", "problem": "missing from core.articles"},
    ),
    "translations_are_one_article": (
        "update core.translations set is_article = false where document_id = 'a'",
        {"translation_group_id": "a", "document_count": 1, "article_count": 0, "language_count": 1},
    ),
    "article_topics_equal_those_of_documents": (
        "delete from core.article_topics where document_id = 'a' and topic_id = 'law'",
        {"document_id": "a", "topic_id": "law", "problem": "missing from core.article_topics"},
    ),
    "article_images_equal_those_of_documents": (
        "insert into core.article_images (document_id, position) values ('a', 7)",
        {"document_id": "a", "position": 7, "problem": "not in the file"},
    ),
    "related_links_equal_those_of_documents": (
        "delete from core.related_links where document_id = 'a'",
        {"document_id": "a", "position": 0, "problem": "missing from core.related_links"},
    ),
    "linked_articles_share_a_cluster": (
        "update core.articles set cluster_id = 'else' where document_id = 'b'",
        {"document_id": "a", "position": 0, "cluster_id": "a", "linked_cluster_id": "else"},
    ),
    "cluster_sizes_add_up": (
        "update core.clusters set article_count = 7 where cluster_id = 'a'",
        {"cluster_id": "a", "article_count": 7, "member_count": 2, "head_document_id": "a"},
    ),
    "coverage_by_topic_adds_up": (
        "delete from marts.coverage_by_topic where topic_id = 'law'",
        {
            "topic_id": "law",
            "article_count": None,
            "expected_article_count": 1,
            "news_article_count": None,
            "expected_news_article_count": 1,
            "event_count": None,
        },
    ),
    "coverage_over_time_adds_up": (
        "delete from marts.provider_over_time where period_grain = 'week'",
        {
            "mart": "provider_over_time",
            "id": "x.com/x",
            "period_grain": "week",
            "article_count": None,
            "expected_article_count": 1,
        },
    ),
    "provider_report_adds_up": (
        "update marts.provider_report set article_count = 2",
        {"mart": "provider_report", "provider_id": "x.com/x", "article_count": 2, "expected_article_count": 1},
    ),
    "article_authors_equal_those_of_documents": (
        "delete from core.article_authors where document_id = 'a'",
        {"document_id": "a", "author_id": "ann", "problem": "missing from core.article_authors"},
    ),
    "author_report_adds_up": (
        "update marts.author_report set solo_article_count = 2",
        {
            "author_id": "ann",
            "article_count": 1,
            "solo_and_shared_article_count": 2,
            "expected_article_count": 1,
            "news_article_count": 1,
            "expected_news_article_count": 1,
            "window_article_count": 1,
        },
    ),
    "coverage_by_kind_adds_up": (
        "update marts.coverage_by_kind set event_count = 7 where kind = 'news'",
        {
            "kind": "news",
            "article_count": 1,
            "expected_article_count": 1,
            "event_count": 7,
            "expected_event_count": 1,
        },
    ),
    "provider_topics_add_up": (
        "delete from marts.provider_topics where topic_id = 'law'",
        {"topic_id": "law", "article_count": None, "expected_article_count": 1},
    ),
    "firsts_add_up": (
        "update marts.organisation_report set firsts = 1",
        {"mart": "organisation_report", "organisation_id": None, "found_count": 1.0, "expected_count": 0.0},
    ),
    "images_and_links_add_up": (
        "delete from marts.image_coverage where provider_id = 'x.com/x'",
        {"mart": "image_coverage", "row_count": 0, "expected_row_count": 1},
    ),
    "shares_add_up": (
        "update marts.coverage_by_topic set video_share = 1.5 where topic_id = 'law'",
        {"share": "coverage_by_topic of law", "value": 1.5, "problem": "is not from 0 to 1"},
    ),
    "parts_are_within_their_whole": (
        "update marts.topic_momentum set observed_count = 9 where topic_id = 'law' and window_days = 7",
        {"mart": "topic_momentum", "id": "law 7", "part": 9, "whole": 1},
    ),
    "field_states_add_up": (
        "update marts.field_completeness set null_count = 9 where type = 'article' and field = 'heat'",
        {"type": "article", "field": "heat", "document_count": 2, "expected_document_count": 2},
    ),
    "suppressed_documents_have_no_heat": (
        "update tidy.documents set heat = -1, is_suppressed = true where document_id = 'b'",
        {"document_id": "b", "path": "b.md", "heat": -1},
    ),
    "no_date_after_as_of": (
        "update tidy.documents set published_at = timestamp '2026-02-02 00:00' where document_id = 'a'",
        {"document_id": "a", "path": "a.md", "published_at": dt.datetime(2026, 2, 2)},
    ),
    "no_date_before_the_calendar": (
        "update tidy.documents set published_at = timestamp '1989-12-31 23:59' where document_id = 'a'",
        {"document_id": "a", "path": "a.md", "published_at": dt.datetime(1989, 12, 31, 23, 59)},
    ),
    "no_rejects": (
        "insert into tidy.rejects (document_id, path, reason, message) values ('s', 's.md', 'too_deep', 'no')",
        {"path": "r.md", "reason": "invalid_yaml", "line": 3, "message": "no YAML"},
    ),
    "drift_is_small": (
        "update marts.drift set is_warning = true, message = 'topic Old is gone' where subject = 'old'",
        {"place": 1, "sentence": "topic Old is gone"},
    ),
    "drift_has_a_base": (
        "update tidy.comparison set is_comparable = false",
        {
            "previous_snapshot_id": "before",
            "sentence": "snapshot before has no profiles of its files: drift was not checked",
        },
    ),
    "activity_adds_up": (
        "insert into tidy.writes values (0, '', 2, 0)",
        {"activity_count": 0, "kind_count": 0, "change_count": 0, "activity_write_count": 0, "write_count": 2},
    ),
    "versions_do_not_overlap": (
        "insert into tidy.steps values (0, 'build', null, '0', timestamp '2026-01-01', null); "
        "insert into tidy.past_documents by name (select * replace (0 as valid_from, 0 as valid_to) "
        "from (from tidy.past_documents union all by name from tidy.documents where document_id = 'a'))",
        {"document_id": "a", "valid_from": 0, "valid_to": 0},
    ),
    "spans_do_not_overlap": (
        "insert into history.item_spans by name "
        "select 'topic' as kind, 'a' as document_id, 'ai' as item, 2 as first_step, 1 as last_step",
        {"kind": "topic", "document_id": "a", "item": "ai", "first_step": 2, "last_step": 1},
    ),
    "field_issues_are_rare": (
        "update tidy.field_issues set field = 'images[3].width'",
        {"source_field": "images.width", "issue_document_count": 1, "document_count": 3},
    ),
}
# Findings on a sound warehouse: what they warn of is there.
WARNINGS = {"no_rejects", "field_issues_are_rare"}


def _row_of(table: str, document_id: str) -> dict[str, object]:
    """A row with nothing but its key and what no row may lack."""
    needed = {name: column for name, column in TABLES[table].columns().items() if not column.nullable}
    row = {name: 0 if column.dtype.is_integer() else "x" for name, column in needed.items()}
    return {**row, "document_id": document_id}


def sound() -> list[Rows]:
    """A cluster of two, with everything that hangs on documents; a person, a reject, a skipped file, an issue."""
    first = document(
        "a", topics=["AI", "Law"], images=["https://i/1"], related=[link("https://x/b")],
        published="2026-01-30", provider="x.com/x",
    )  # fmt: skip
    children = {
        "document_authors": [{"document_id": "a", "position": 0, "name": "Ann"}],
        "document_actions": [{"document_id": "a", "position": 0, "url": "https://x"}],
        "document_levels": [{"document_id": "a", "position": 0, "level": "Beginner"}],
        "document_items": [{"document_id": "a", "position": 0, "item": "b"}],
        "related_images": [{"document_id": "a", "related_position": 0, "position": 0, "url": "https://i/2"}],
        "provider_images": [{"document_id": "a", "related_position": -1, "position": 0, "provider_id": "x.com/x"}],
    }
    children = {table: [_row_of(table, "a")] for table in BELOW_DOCUMENTS} | children
    second = document("b", topics=["AI"], url="https://x/b", is_suppressed=True)
    return [first, children, second, person("p", topics=["Law"]), reject("r"), skipped("s"), issue("a", "quality")]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    before = previous_of(tmp_path_factory.mktemp("before"), [document("z", topics=["Old"], category="c")])
    with warehouse_of(tmp_path_factory.mktemp("sound"), sound(), previous=before) as con:
        yield con


def found(con: duckdb.DuckDBPyConnection, check: Model, statement: str) -> list[dict[str, object]]:
    """The rows of a check after a statement breaks the warehouse, which is then restored."""
    con.begin()
    try:
        con.execute(statement)
        return next(result.first_rows for result in run_checks(con, [check]) if result.name == check.name)
    finally:
        con.rollback()


def test_every_check_is_broken_here() -> None:
    assert set(BROKEN) == set(CHECKS)


def test_a_sound_warehouse_passes_every_check(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = run_checks(warehouse, list(CHECKS.values()), read_models(SQL))
    assert {result.name for result in results} == set(CHECKS) | set(KEY_CHECKS)
    assert {result.name for result in results if result.is_failed} == WARNINGS
    assert {result.name for result in results if result.is_failed and result.severity == "error"} == set()


def test_checks_at_once_find_what_each_finds_by_itself(warehouse: duckdb.DuckDBPyConnection) -> None:
    checks, models = list(CHECKS.values()), read_models(SQL)
    warehouse.begin()
    try:
        warehouse.execute("insert into core.dim_topics from core.dim_topics limit 1")
        alone, at_once = (run_checks(warehouse, checks, models, at_once=together) for together in (False, True))
    finally:
        warehouse.rollback()
    assert at_once == alone
    assert "unique_key_core_dim_topics" in {result.name for result in at_once if result.is_failed}


def test_at_once_a_check_that_cannot_run_is_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    wrong = replace(CHECKS["no_rejects"], sql="select cast(path as integer) from tidy.documents")
    with pytest.raises(ModelError, match=re.escape(f"{wrong.place} failed: ")):
        run_checks(warehouse, [wrong], at_once=True)


def test_an_empty_corpus_passes_every_check(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, []) as con:
        results = run_checks(con, list(CHECKS.values()), read_models(SQL))
    assert [result.name for result in results if result.is_failed] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_finds_what_was_broken(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    statement, row = BROKEN[name]
    assert found(warehouse, CHECKS[name], statement)[0] == row


@pytest.mark.parametrize("table", [name for name, schema in TABLES.items() if "position" in schema.column_names()])
def test_no_table_below_documents_is_forgotten(warehouse: duckdb.DuckDBPyConnection, table: str) -> None:
    rows = found(
        warehouse,
        CHECKS["every_child_has_its_parent"],
        f"update tidy.{table} set document_id = 'orphan' where document_id = 'a'",
    )
    orphans = [(row["document_id"], row["table_name"]) for row in rows]
    assert ("orphan", table) in orphans, f"add tidy.{table} to sql/checks/every_child_has_its_parent.sql"


@pytest.mark.parametrize("name", KEY_CHECKS)
def test_a_duplicate_key_is_found(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    (table,) = KEY_CHECKS[name].reads
    if table in ("tidy.runs", "marts.run_history"):
        values = "(run_id, started_at, outcome) values ('r', '2026-01-01', 'failed'), ('r', '2026-01-02', 'failed')"
        rows = found(warehouse, KEY_CHECKS[name], f"insert into {table} {values}")
    else:
        is_empty = not warehouse.sql(f"from {table} limit 1").fetchall()
        (key, *_) = warehouse.sql(f"from {table}").columns
        again = f"({key}) values (null), (null)" if is_empty else f"select * from {table}"
        rows = found(warehouse, KEY_CHECKS[name], f"insert into {table} {again}")
    assert rows[0]["row_count"] == 2


def test_a_key_that_is_null_is_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    check = KEY_CHECKS["unique_key_marts_topic_pairs"]
    rows = found(warehouse, check, "update marts.topic_pairs set topic_id_b = null")
    assert rows == [{"topic_id_a": "ai", "topic_id_b": None, "row_count": 1}]


def test_shares_that_do_not_add_up_are_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    statement = "update marts.provider_topics set topic_article_share = 0.5 where topic_id = 'law'"
    (row,) = found(warehouse, CHECKS["shares_add_up"], statement)
    assert row["share"] == "provider_topics.topic_article_share of law"


def test_an_article_without_provider_may_not_vanish(warehouse: duckdb.DuckDBPyConnection) -> None:
    statement = "delete from marts.image_coverage where provider_id = '(none)'"
    (row,) = found(warehouse, CHECKS["provider_report_adds_up"], statement)
    assert row == {
        "mart": "image_coverage",
        "provider_id": "(none)",
        "article_count": 0,
        "expected_article_count": 1,
    }


def test_all_rows_are_counted_and_the_first_five_shown(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.begin()
    warehouse.execute(
        "insert into tidy.rejects (document_id, path, reason, message) "
        "select 'r' || range, 'p' || range, 'x', 'm' from range(20)"
    )
    (result,) = [result for result in run_checks(warehouse, [CHECKS["no_rejects"]]) if result.name == "no_rejects"]
    warehouse.rollback()
    assert result.failed_row_count == 21
    assert [row["path"] for row in result.first_rows] == ["p0", "p1", "p10", "p11", "p12"]


def test_an_author_is_neither_lost_from_a_split_name_nor_added(tmp_path: Path) -> None:
    documents = [
        document("a", authors=["Ann"]),
        document("b", authors=["Bob"]),
        document("c", authors=["Ann and Bob"]),
        person("p", authors=["Eve"]),
    ]
    check = CHECKS["article_authors_equal_those_of_documents"]
    lost, added = (
        "delete from core.article_authors where document_id = 'c'",
        "update core.article_authors set author_id",
    )
    with warehouse_of(tmp_path, documents, "core.article_authors", "core.dim_authors") as con:
        assert found(con, check, "select 1") == []
        assert found(con, check, lost) == [
            {"document_id": "c", "author_id": "ann-and-bob", "problem": "no part of it is in core.article_authors"}
        ]
        assert found(con, check, f"{added} = 'eve' where document_id = 'c' and author_id = 'bob'") == [
            {"document_id": "c", "author_id": "eve", "problem": "not in the file"}
        ]
