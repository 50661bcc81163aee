"""drift.key_profile and drift.volume_profile: the profiles of the files, with which the next build compares its own."""

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_models
from tests.sql.frames import SQL, Rows, document, frame, issue, link, person, post, reject, skipped, warehouse_of
from transforms.vocabulary import Preset

KEYS = "drift.key_profile"
SUBJECTS = "drift.volume_profile"
OF_EVERY_DOCUMENT = {"title", "type"}


def kinds(folder: Path, *documents: Rows) -> dict[str, dict[str, int]]:
    """The kinds of value under each key that not every document of these tests has, sums left out."""
    with warehouse_of(folder, documents, KEYS) as con:
        rows = con.execute(
            f"select key, value_kind, cast(sum(document_count) as bigint) from {KEYS} "
            "where value_kind not in ('any', 'value') group by all order by all"
        ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for key, kind, count in rows:
        if key not in OF_EVERY_DOCUMENT:
            found.setdefault(key, {})[kind] = count
    return found


def extra(**values: object) -> Rows:
    return document("a", extra=json.dumps(values))


def test_every_column_of_a_key(tmp_path: Path) -> None:
    documents = [document("a", price="Free"), document("b", price=""), document("c", type="video", price="9.99")]
    with warehouse_of(tmp_path, documents, KEYS) as con:
        rows = frame(con, f"select * from {KEYS} where key = 'price' order by all")
    expected = {
        "document_type": ["article"] * 4 + ["video"] * 3,
        "key": ["price"] * 7,
        "value_kind": ["any", "empty", "text", "value", "any", "number", "value"],
        "document_count": [2, 1, 1, 1, 1, 1, 1],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_a_document_without_a_type_has_the_type_none(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a", type=None)], KEYS) as con:
        rows = con.execute(f"select document_type, key, document_count from {KEYS} where value_kind = 'any'").fetchall()
    assert rows == [("(none)", "title", 1)]


def test_the_kind_of_a_value_follows_from_how_it_is_written(tmp_path: Path) -> None:
    written: dict[str, list[object]] = {
        "number": ["12", "-1.5e3", "0"],
        "date": ["2026-01-31", "2026-01-31T08:00:00Z", "2026-01-31 08:00:00.5 +0100", "31.1.2026", "2009-11-10:23:00Z"],
        "flag": ["true", "No", False],
        "url": ["https://x.com/a b", "http://x"],
        "text": ["httpd", "12 mins", "1.2.3", "2026-01-31 was a day", "\u00e9t\u00e9", "{}", "null", " 12"],
        "empty": [" ", "", [], {}],
        "null": [None],
        "list": [["a"]],
        "mapping": [{"a": "b"}],
    }
    values = {json.dumps(value): value for values in written.values() for value in values}
    found = kinds(tmp_path, extra(**{f"k{place}": value for place, value in enumerate(values.values())}))
    profiled = {shown: [*found[f"k{place}"]] for place, shown in enumerate(values)}
    assert profiled == {json.dumps(value): [kind] for kind, values in written.items() for value in values}


def test_keys_are_followed_into_mappings_and_lists(tmp_path: Path) -> None:
    found = kinds(
        tmp_path,
        extra(
            twitter={"url": "https://t/1", "followers": "12"},
            tags=["a", "b", "1"],
            authors=[{"name": "Ann"}, {"name": "Bo", "age": "7"}],
            **{"odd key": "1", 'quo"ted': "1", "a.b": "x"},
        ),
    )
    assert found == {
        "twitter": {"mapping": 1},
        "twitter.url": {"url": 1},
        "twitter.followers": {"number": 1},
        "tags": {"list": 1},
        "tags[]": {"text": 1, "number": 1},
        "authors": {"list": 1},
        "authors[].name": {"text": 1},
        "authors[].age": {"number": 1},
        "odd key": {"number": 1},
        'quo"ted': {"number": 1},
        "a.b": {"text": 1},
    }


def test_four_mappings_are_as_deep_as_keys_go_and_200_characters_as_long(tmp_path: Path) -> None:
    found = kinds(tmp_path, extra(a={"b": {"c": {"d": {"e": "1"}}}}, **{"k" * 300: "1"}))
    assert set(found) == {"a", "a.b", "a.b.c", "a.b.c.d", "k" * 200}


@pytest.mark.parametrize("name", ["drift.key_profile", "marts.field_completeness"])
def test_a_file_of_many_keys_takes_memory_for_each_of_them_once(tmp_path: Path, name: str) -> None:
    (model,) = (model for model in read_models(SQL) if model.full_name == name)
    many = document("a", extra=json.dumps({f"key-{number}": "x" * 50 for number in range(8_000)}))
    with warehouse_of(tmp_path, [many], *model.reads) as con:
        # A copy of the whole for every key would be 5 GB.
        con.execute("set memory_limit = '400MB'; set temp_directory = ''")
        assert con.execute(f"select count(*) > 0 from ({model.sql})").fetchall() == [(True,)]


def test_values_of_columns_and_lists_are_counted_under_the_keys_of_the_files(tmp_path: Path) -> None:
    full = document(
        "a", topics=["AI"], images=[{"url": "https://i/1", "width": 3, "is_cached": True}], published="2026-01-30",
        related=[link("https://x/b", title="B", provider="x.com/x")], provider="x.com/x", url="https://x/a",
        web_url="https://x/a", heat=7, quality=3, is_published=False, duration_seconds=60.0, rating_count=2,
        member_count=5, locale="en-us", has_secured=True, excerpt="",
    )  # fmt: skip
    lists = {
        "document_levels": [{"document_id": "a", "position": 0, "level": "Beginner"}],
        "document_actions": [{"document_id": "a", "position": 0, "url": "https://x"}],
        "document_items": [{"document_id": "a", "position": 0, "item": "b"}],
        "document_authors": [{"document_id": "a", "position": 0, "name": "Ann"}],
        "related_images": [{"document_id": "a", "related_position": 0, "position": 0, "url": "https://i/2"}],
        "provider_images": [
            {"document_id": "a", "related_position": -1, "position": 0},
            {"document_id": "a", "related_position": 0, "position": 0},
        ],
    }
    found = kinds(tmp_path, full, lists)
    by_kind: dict[str, set[str]] = {}
    for key, of_key in found.items():
        ((kind, count),) = of_key.items()
        assert count == 1, key
        by_kind.setdefault(kind, set()).add(key)
    assert by_kind == {
        "number": {"heat", "quality", "ratings.count", "members", "images[].width"},
        "date": {"publishedDateTime"},
        "flag": {"published", "images[].isCached"},
        "url": {"webUrl", "images[].url", "related[].webUrl"},
        "text": {
            *("length", "locale", "secured", "provider.name", "provider.domain"),
            *("related[].title", "related[].provider.name", "related[].provider.domain"),
        },
        "empty": {"excerpt"},
        "mapping": {"provider", "ratings", "related[].provider"},
        "list": {
            *("topics", "images", "related", "levels", "actions", "items"),
            *("provider.authors", "provider.images", "related[].images", "related[].provider.images"),
        },
    }


def test_an_empty_url_does_not_count_as_a_value_of_an_image_or_related_item(tmp_path: Path) -> None:
    related = {"web_url": "", "title": "B"}
    found = kinds(tmp_path, document("a", images=[{"url": " ", "width": 3}], related=[related]))
    assert found == {
        "images": {"list": 1},
        "images[].width": {"number": 1},
        "related": {"list": 1},
        "related[].title": {"text": 1},
    }


def test_a_suppressed_document_has_heat(tmp_path: Path) -> None:
    assert kinds(tmp_path, document("a", is_suppressed=True)) == {"heat": {"number": 1}}


def test_a_refused_value_is_counted_under_its_key_without_its_position(tmp_path: Path) -> None:
    found = kinds(
        tmp_path, document("a"), document("b"), document("c"),
        issue("a", "heat"), issue("b", "images[3].width"), issue("c", "topics[0]"),
    )  # fmt: skip
    assert found == {"heat": {"refused": 1}, "images[].width": {"refused": 1}, "topics": {"refused": 1}}


def test_the_rest_of_a_list_in_extra_adds_no_document_to_it(tmp_path: Path) -> None:
    left = {"images": [{}, {"alt": "A"}], "provider": {"id": "7"}}
    found = kinds(
        tmp_path, document("a", images=["https://i/1", "https://i/2"], provider="x/x", extra=json.dumps(left))
    )
    assert found["images"] == {"list": 1}
    assert found["provider"] == {"mapping": 1}
    assert found["images[].alt"] == {"text": 1}
    assert found["provider.id"] == {"number": 1}


def test_a_document_counts_once_however_many_items_it_has(tmp_path: Path) -> None:
    images = ["https://i/1", "https://i/2", "https://i/3"]
    found = kinds(tmp_path, document("a", images=images, extra=json.dumps({"tags": ["a", "b"]})))
    assert (found["images[].url"], found["tags[]"]) == ({"url": 1}, {"text": 1})


def test_the_parts_add_up_over_documents(tmp_path: Path) -> None:
    one = [document("a", price="1", topics=["AI"]), extra(x={"y": "1"})]
    other = [document("b", price="Free", heat=3), document("c", extra=json.dumps({"x": {"y": "z"}}))]
    parts = [kinds(tmp_path / str(number), *part) for number, part in enumerate((one[:1], one[1:], other))]
    whole = kinds(tmp_path / "whole", one[0], document("d", extra=json.dumps({"x": {"y": "1"}})), *other)
    added: dict[str, dict[str, int]] = {}
    for part in parts:
        for key, of_key in part.items():
            for kind, count in of_key.items():
                added.setdefault(key, {}).setdefault(kind, 0)
                added[key][kind] += count
    assert added == whole


def test_the_keys_of_the_preset_generic_are_those_in_the_files(tmp_path: Path) -> None:
    sources = [
        ("title", "title"),
        ("published_at", "Date"),
        ("is_draft", "draft"),
        ("weight", "weight"),
        ("topics", "taxonomies.tags"),
        ("topics", "tags"),
        ("images", ":path"),
    ]
    left = {"taxonomies": {"odd": 1}, "related": ["a"], "tags": [{"color": "red"}]}
    document_ = post("a", sources=sources, published="2026-01-01", topics=["x"], extra=json.dumps(left))
    query = f"select key, value_kind from {KEYS} where value_kind not in ('any', 'value') order by all"
    with warehouse_of(tmp_path, [document_], KEYS, preset=Preset.GENERIC) as con:
        rows = con.execute(query).fetchall()
        assert con.execute(f"select max(document_count) from {KEYS}").fetchall() == [(1,)]
    assert rows == [
        ("Date", "date"),
        ("draft", "flag"),
        ("related", "list"),
        ("related[]", "text"),
        ("tags", "list"),
        ("tags[].color", "text"),
        ("taxonomies", "mapping"),
        ("taxonomies.odd", "number"),
        ("taxonomies.tags", "list"),
        ("title", "text"),
        ("weight", "number"),
    ]


def test_every_column_of_a_subject(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"], provider="x.com/x", collection="news"),
        document("b", topics=["ai"], related=[link("https://x/a", provider="y.com/y")]),
        person("p", type=None),
        reject("r"),
        skipped("s"),
    ]
    with warehouse_of(tmp_path, documents, SUBJECTS) as con:
        rows = frame(con, f"select * from {SUBJECTS} order by all")
    expected = [
        ("collection", "(none)", "(none)", 2),
        ("collection", "news", "news", 1),
        ("document_type", "(none)", "(none)", 1),
        ("document_type", "article", "article", 2),
        ("outcome", "document", "document", 3),
        ("outcome", "reject", "reject", 1),
        ("outcome", "skipped", "skipped", 1),
        ("provider", "x.com/x", "X", 1),
        ("topic", "ai", "AI", 2),
        ("topic", "law", "Law", 1),
    ]
    assert_frame_equal(
        rows, pl.DataFrame(expected, schema=["aspect", "subject", "label", "document_count"], orient="row")
    )
