"""Versions, their changes, spans, states and marts of histories written by hand."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from frontmart.catalog.history_inputs import CHILD_TABLES
from frontmart.catalog.models import read_models
from frontmart.warehouse.materialize import find_idle
from tests.sql.frames import SQL, document, frame, warehouse_of
from tests.sql.history_frames import change, day, history_of_rows, item_id, past, past_list, steps

# `a` is changed at 1 and 3 and loses topic Old at 3; `b` is removed at 2 and restored at 4; `c` comes at 2 and goes at
# 3; `d` is renamed to `e` at 3; nothing happens to `f`.
NOW = [
    document("a", topics=["AI", "New"], title="Third", url="https://x/a", heat=110, authors=["Ann"]),
    document("b", topics=["AI"], title="B"),
    document("e", title="D"),
    document("f", title="F"),
]
PAST = {
    "steps": steps(5),
    "document_changes": [
        *(change(0, name, "added") for name in "abdf"),
        change(1, "a", "changed"),
        change(2, "b", "removed"),
        change(2, "c", "added"),
        change(3, "a", "changed"),
        change(3, "c", "removed"),
        change(3, "d", "removed"),
        change(3, "e", "renamed", from_document_id="d", from_path="d.md", rule="meaning"),
        change(4, "b", "restored"),
    ],
    "writes": [
        {"step": 0, "collection": "", "write_count": 4, "meaningless_count": 0},
        {"step": 1, "collection": "", "write_count": 4, "meaningless_count": 3},
        {"step": 2, "collection": "", "write_count": 2, "meaningless_count": 0},
    ],
    "past_documents": [
        past("a", 0, 1, title="First", url="https://x/a", heat=100),
        past("a", 1, 3, title="First", url="https://x/a2", heat=3_000_000_000),
        past("b", 0, 2, title="B"),
        past("c", 2, 3, title="C"),
        past("d", 0, 3, title="D"),
    ],
    "past_lists": [
        past_list("a", "document_topics", 0, 3, ["Old", "AI"]),
        past_list("b", "document_topics", 0, 2, ["AI"]),
    ],
    "past_document_topics": [
        {"item_id": item_id("AI"), "topic_id": "ai", "topic": "AI"},
        {"item_id": item_id("Old"), "topic_id": "old", "topic": "Old"},
    ],
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with history_of_rows(tmp_path_factory.mktemp("history"), NOW, PAST) as found:
        yield found


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return con.execute(query).fetchall()


def test_versions_have_their_steps_and_how_they_began_and_ended(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select document_id, valid_from, valid_to, valid_from_at, change, end_change, is_left_censored, "
        "is_right_censored from history.document_versions order by document_id, valid_from"
    )
    assert rows(con, query) == [
        ("a", 0, 1, day(0), "added", "changed", True, False),
        ("a", 1, 3, day(1), "changed", "changed", False, False),
        ("a", 3, None, day(3), "changed", None, False, True),
        ("b", 0, 2, day(0), "added", "removed", True, False),
        ("b", 4, None, day(4), "restored", None, False, True),
        ("c", 2, 3, day(2), "added", "removed", False, False),
        ("d", 0, 3, day(0), "added", "removed", True, False),
        ("e", 3, None, day(3), "renamed", None, False, True),
        ("f", 0, None, day(0), "added", None, True, True),
    ]


def test_changes_name_the_fields_and_the_items_that_differ(con: duckdb.DuckDBPyConnection) -> None:
    query = "select document_id, step, field, item, old, new from history.version_changes order by all"
    assert rows(con, query) == [
        ("a", 1, "canonical_url", "", "https://x/a", "https://x/a2"),
        ("a", 1, "heat", "", "100", "3000000000"),
        ("a", 3, "canonical_url", "", "https://x/a2", "https://x/a"),
        ("a", 3, "heat", "", "3000000000", "110"),
        ("a", 3, "title", "", "First", "Third"),
        ("a", 3, "topics", "new", None, "New"),
        ("a", 3, "topics", "old", "Old", None),
    ]


def test_an_item_that_moves_stays_one_span_and_a_gap_makes_two(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select document_id, topic_id, first_step, last_step, gone_at, is_new, is_lost, is_left_censored, "
        "is_right_censored from history.topic_spans order by all"
    )
    assert rows(con, query) == [
        ("a", "ai", 0, None, None, False, False, True, True),
        ("a", "new", 3, None, None, True, False, False, True),
        ("a", "old", 0, 2, day(3), False, True, True, False),
        ("b", "ai", 0, 1, day(2), False, False, True, False),
        ("b", "ai", 4, None, None, False, False, False, True),
    ]


@pytest.mark.parametrize(
    ("moment", "step"),
    [
        ("0000003", 3), ("2024-01-01", 0), ("2024-01-02 11:59", 0), ("2024-01-02T13:00:00+01:00", 1),
        ("2024-01-02T12:00:00Z", 1), ("2024-01-03", 2), ("2030-01-01", 4), ("now", 4),
    ],
)  # fmt: skip
def test_a_moment_is_the_last_step_until_then(con: duckdb.DuckDBPyConnection, moment: str, step: int) -> None:
    assert rows(con, f"select step from step_at('{moment}')") == [(step,)]


@pytest.mark.parametrize("moment", ["2023-12-31", "yesterday", "ffffffff", "2024-02-31", ""])
def test_an_unknown_moment_says_which_there_are(con: duckdb.DuckDBPyConnection, moment: str) -> None:
    with pytest.raises(duckdb.Error, match=r"from 2024-01-01 12:00:00 to 2024-01-05 12:00:00"):
        con.execute(f"from as_of('{moment}')")


def test_states_are_the_tidy_tables_of_their_step(con: duckdb.DuckDBPyConnection) -> None:
    states = {
        step: rows(con, f"select document_id, title from as_of('000000{step}')") for step in range(5)
    }
    assert states == {
        0: [("a", "First"), ("b", "B"), ("d", "D"), ("f", "F")],
        1: [("a", "First"), ("b", "B"), ("d", "D"), ("f", "F")],
        2: [("a", "First"), ("c", "C"), ("d", "D"), ("f", "F")],
        3: [("a", "Third"), ("e", "D"), ("f", "F")],
        4: [("a", "Third"), ("b", "B"), ("e", "D"), ("f", "F")],
    }
    topics = "select document_id, position, topic from as_of_document_topics('000000{}')"
    assert rows(con, topics.format(2)) == [("a", 0, "Old"), ("a", 1, "AI")]
    assert rows(con, topics.format(3)) == [("a", 0, "AI"), ("a", 1, "New")]
    assert rows(con, topics.format(4)) == [("a", 0, "AI"), ("a", 1, "New"), ("b", 0, "AI")]


@pytest.mark.parametrize("table", ["documents", "rejects", *CHILD_TABLES])
def test_the_state_of_now_is_the_tidy_table(con: duckdb.DuckDBPyConnection, table: str) -> None:
    macro = "as_of" if table == "documents" else f"as_of_{table}"
    now = frame(con, f"from {macro}('now')")
    assert now.equals(frame(con, f"from tidy.{table}"))


def test_activity_keeps_the_bulk_and_moves_apart_and_adds_up(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select day(activity_date), added_count, changed_count, removed_count, restored_count, renamed_count, "
        "moved_count, bulk_count, change_count, write_count, meaningless_write_count from marts.activity order by all"
    )
    assert rows(con, query) == [
        (1, 0, 0, 0, 0, 0, 0, 4, 4, 4, 0),
        (2, 0, 1, 0, 0, 0, 0, 0, 1, 4, 3),
        (3, 1, 0, 1, 0, 0, 0, 0, 2, 2, 0),
        (4, 0, 1, 1, 0, 1, 1, 0, 4, 0, 0),
        (5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0),
    ]


def test_take_downs_say_how_long_and_whether_restored(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select document_id, step, kind, hours_up, min_hours_up, is_within_a_day, is_restored, hours_down "
        "from marts.take_downs order by all"
    )
    assert rows(con, query) == [
        ("b", 2, "removed", None, 48, False, True, 48),
        ("c", 3, "removed", 24, 24, True, False, None),
    ]


def test_lives_of_documents_count_what_was_seen(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select document_id, first_seen_at, last_changed_at, gone_at, version_count, change_count, days_unchanged, "
        "take_down_count, restore_count, is_left_censored, is_right_censored from marts.article_life order by all"
    )
    assert rows(con, query) == [
        ("a", None, day(3), None, 3, 2, 1, 0, 0, True, True),
        ("b", None, day(4), None, 2, 0, 0, 1, 1, True, True),
        ("c", day(2), day(2), day(3), 1, 0, 1, 1, 0, False, False),
        ("d", None, None, day(3), 1, 0, 3, 0, 0, True, False),
        ("e", day(3), day(3), None, 1, 0, 1, 0, 0, False, True),
        ("f", None, None, None, 1, 0, 4, 0, 0, True, True),
    ]


def test_glitches_are_flips_and_scores_out_of_range(con: duckdb.DuckDBPyConnection) -> None:
    query = "select document_id, step, field, kind, value_before, value, value_after from marts.glitches order by all"
    assert rows(con, query) == [
        ("a", 1, "canonical_url", "flip", "https://x/a", "https://x/a2", "https://x/a"),
        ("a", 1, "heat", "range", "100", "3000000000", "110"),
    ]


def test_other_marts_of_the_history(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "select topic_id, added_count, removed_count from marts.topic_changes order by all") == [
        ("new", 1, 0),
        ("old", 0, 1),
    ]
    assert rows(con, "select collection, write_count, meaningless_count from marts.write_noise") == [("(top)", 6, 3)]
    assert rows(con, "select kind, document_id, link, step, hours_there, new_link, is_back from marts.link_decay") == [
        ("own", "a", "https://x/a", 1, None, "https://x/a2", True),
        ("own", "a", "https://x/a2", 3, 48, "https://x/a", False),
    ]
    assert rows(con, "select document_id, author_group, is_stale from marts.stale_articles order by all") == [
        ("a", "Ann", False),
        ("b", "(none)", False),
        ("e", "(none)", False),
        ("f", "(none)", None),
    ]


def test_models_of_the_history_have_no_rows_without_one_whether_they_run_or_not(tmp_path: Path) -> None:
    models = read_models(SQL)
    with warehouse_of(tmp_path, NOW) as con:
        idle = find_idle(con, models)
        assert {model.full_name for model in models if model.layer == "history"} <= idle
        for model in models:
            if model.full_name in idle:
                assert rows(con, f"select count(*) from ({model.sql})") == [(0,)], model.full_name


@pytest.mark.parametrize("name", ["a", "a.md", "https://x/a2", "first", "Third"])
def test_the_history_of_a_document_is_found_by_any_of_its_names(con: duckdb.DuckDBPyConnection, name: str) -> None:
    query = f"select step, change, field, old, new from history_of('{name}')"
    assert rows(con, query) == [
        (0, "added", None, None, None),
        (1, "changed", "canonical_url", "https://x/a", "https://x/a2"),
        (1, "changed", "heat", "100", "3000000000"),
        (3, "changed", "canonical_url", "https://x/a2", "https://x/a"),
        (3, "changed", "heat", "3000000000", "110"),
        (3, "changed", "title", "First", "Third"),
        (3, "changed", "topics", None, "New"),
        (3, "changed", "topics", "Old", None),
    ]


def test_a_name_that_no_document_has_leads_to_similar_ones(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error, match="did you mean 'Third'"):
        con.execute("from history_of('Thirt')")
