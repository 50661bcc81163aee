"""marts.field_completeness: a field is present, empty, refused, null or absent, and these are five states."""

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sql.frames import Rows, document, frame, issue, person, post, warehouse_of
from transforms.fields import Kind, declared_fields
from transforms.vocabulary import Preset

MART = "marts.field_completeness"


def states(folder: Path, field: str, *documents: Rows) -> tuple[int, ...]:
    columns = "document_count, present_count, empty_count, refused_count, null_count, absent_count"
    with warehouse_of(folder, documents, MART) as con:
        return frame(con, f"select {columns} from {MART} where field = '{field}' and type = 'article'").row(0)


def test_every_column_of_a_type_and_field(tmp_path: Path) -> None:
    documents = [document("a", web_url="https://x"), document("b", web_url=""), document("c"), person("p", type=None)]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select * from {MART} where field in ('web_url', 'name')")
    expected = {
        "type": ["(none)", "(none)", "article", "article"],
        "field": ["name", "web_url", "name", "web_url"],
        "source_field": ["name", "webUrl", "name", "webUrl"],
        "document_count": [1, 1, 3, 3],
        "present_count": [1, 0, 0, 1],
        "empty_count": [0, 0, 0, 1],
        "refused_count": [0, 0, 0, 0],
        "null_count": [0, 0, 0, 0],
        "absent_count": [0, 1, 3, 1],
        "present_share": [1.0, 0.0, 0.0, 1 / 3],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_a_suppressed_heat_is_present_and_an_empty_one_null(tmp_path: Path) -> None:
    documents = [
        document("a", heat=3),
        document("b", is_suppressed=True),
        document("c", extra='{"heat": null}'),
        document("d"),
    ]
    assert states(tmp_path, "heat", *documents) == (4, 2, 0, 0, 1, 1)


def test_a_refused_value_is_neither_present_nor_absent(tmp_path: Path) -> None:
    parts = [document("a"), issue("a", "publishedDateTime"), document("b", published="2026-01-01")]
    assert states(tmp_path, "published_at", *parts) == (2, 1, 0, 1, 0, 0)


def test_a_list_with_one_item_refused_is_present(tmp_path: Path) -> None:
    parts = [document("a", topics=["AI"]), issue("a", "topics[1]"), document("b"), issue("b", "topics[0]")]
    assert states(tmp_path, "topics", *parts) == (2, 1, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("field", "extra", "expected"),
    [
        ("topics", {"topics": []}, (1, 0, 1, 0, 0, 0)),
        ("topics", {"topics": None}, (1, 0, 0, 0, 1, 0)),
        ("provider_name", {"provider": None}, (1, 0, 0, 0, 1, 0)),
        ("provider_name", {"provider": {"name": None}}, (1, 0, 0, 0, 1, 0)),
        ("provider_domain", {"provider": {"name": None}}, (1, 0, 0, 0, 0, 1)),
        ("rating_count", {"ratings": {"count": None}}, (1, 0, 0, 0, 1, 0)),
        ("rating_count", {"ratings": "null"}, (1, 0, 0, 0, 0, 1)),
        ("title", {"anything": {"title": None}}, (1, 1, 0, 0, 0, 0)),
        ("quality", {"odd key": None, "a.b": [], '"': 1, "quality": None}, (1, 0, 0, 0, 1, 0)),
    ],
)
def test_extra_distinguishes_null_and_empty_values(
    tmp_path: Path, field: str, extra: dict[str, object], expected: tuple[int, ...]
) -> None:
    assert states(tmp_path, field, document("a", extra=json.dumps(extra))) == expected


@pytest.mark.parametrize(
    ("field", "table", "row"),
    [
        ("actions", "document_actions", {"url": "https://x"}),
        ("levels", "document_levels", {"level": "Beginner"}),
        ("items", "document_items", {"item": "b"}),
        ("authors", "document_authors", {"name": "Ann"}),
        ("provider_images", "provider_images", {"related_position": -1, "url": "https://i/1"}),
    ],
)
def test_every_list_of_a_document_is_a_field(tmp_path: Path, field: str, table: str, row: dict[str, object]) -> None:
    rows: Rows = {table: [{"document_id": "a", "position": place, **row} for place in range(2)]}
    assert states(tmp_path, field, document("a"), rows, document("b")) == (2, 1, 0, 0, 0, 1)


def test_images_of_the_provider_of_a_related_item_are_not_those_of_the_document(tmp_path: Path) -> None:
    rows: Rows = {"provider_images": [{"document_id": "a", "related_position": 0, "position": 0}]}
    assert states(tmp_path, "provider_images", document("a"), rows) == (1, 0, 0, 0, 0, 1)


def test_a_null_provider_leaves_its_lists_null(tmp_path: Path) -> None:
    assert states(tmp_path, "authors", document("a", extra='{"provider": null}')) == (1, 0, 0, 0, 1, 0)


def test_every_declared_field_of_documents_is_there_for_each_type(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a"), person("p")], MART) as con:
        rows = frame(con, f"select type, field, source_field from {MART}")
    fields = [field for field in declared_fields() if not field.is_in_list and field.kind is not Kind.MAPPING]
    expected = [(type_, field.name, field.key) for type_ in ("article", "profile") for field in fields]
    assert sorted(rows.rows()) == sorted(expected)


def test_a_field_of_the_preset_generic_has_the_keys_that_fill_it(tmp_path: Path) -> None:
    documents = [
        post("a", sources=[("published_at", "date"), ("topics", "tags"), ("topics", "taxonomies.series")]),
        post("b", sources=[("published_at", "date")], extra='{"tags": []}'),
        post("c", sources=[("published_at", ":path")], extra='{"taxonomies": {"series": null}}'),
        post("d", extra='{"date": null, "heat": null}'),
        post("e"),
        issue("e", "date"),
    ]
    counts = "present_count, empty_count, refused_count, null_count, absent_count"
    with warehouse_of(tmp_path, documents, MART, "marts.keys_by_field", preset=Preset.GENERIC) as con:
        rows = con.execute(f"select field, source_field, document_count, {counts} from {MART}").fetchall()
        sources = con.execute("from marts.keys_by_field").fetchall()
    assert rows == [
        ("published_at", "date, :path", 5, 3, 0, 1, 1, 0),
        ("topics", "tags, taxonomies.series", 5, 1, 1, 0, 1, 2),
    ]
    assert sources == [
        ("published_at", ":path", False, 1, 0.2),
        ("published_at", "date", True, 2, 0.4),
        ("topics", "tags", True, 1, 0.2),
        ("topics", "taxonomies.series", True, 1, 0.2),
    ]


def test_the_preset_smartable_has_no_field_sources(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a")], "marts.keys_by_field") as con:
        assert con.execute("select count(*) from marts.keys_by_field").fetchall() == [(0,)]
