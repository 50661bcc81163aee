"""The shared corpora, row by row, compared with a parser that shares no code with the product."""
# ruff: noqa: RUF001  (what looks alike is what these tests are about)

import re
from functools import cache
from typing import Any

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal

from tests.transforms.corpora import NAMES, files_of, shared_corpus
from tests.transforms.front_matter import Frames, tables_of
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document, Outcome, Reject, Skipped

BASE = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
PARTS = re.compile(r"\A\s*---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
SECURED = re.compile(r'(?m)^secured: "?([^"\n]{20,})')
BLOB = re.compile(r"[A-Za-z0-9+/=;]{20,}")
# BaseLoader has no nulls: these are how a file writes one.
NULLS = ("", "~", "null")


@cache
def contents(name: str) -> dict[str, bytes]:
    return {path: data for path, data in files_of(shared_corpus(name)).items() if not path.endswith(".yaml")}


@cache
def outcomes(name: str) -> dict[str, Outcome]:
    return {path: parse_file(path, data) for path, data in contents(name).items()}


@cache
def tables(name: str) -> Frames:
    return tables_of(list(outcomes(name).values()))


@cache
def readings(name: str) -> dict[str, dict[str, Any]]:
    """Path -> front matter, of every file that PyYAML takes."""
    found = {}
    for path, data in contents(name).items():
        match = PARTS.match(data.decode("utf-8-sig").replace("\r\n", "\n"))
        if match is None:
            continue
        try:
            found[path] = yaml.load(match[1], BASE) or {}
        except yaml.YAMLError:
            continue
    return found


def items(mapping: dict[str, Any], key: str) -> list[tuple[int, Any]]:
    """The items of a list with their positions, without empty ones."""
    value = mapping.get(key)
    listed = value if isinstance(value, list) else [] if value is None or value in NULLS else [value]
    return [(place, item) for place, item in enumerate(listed) if item not in NULLS]


def rows_of(name: str, table: str, *columns: str) -> list[tuple[object, ...]]:
    frames = tables(name)
    paths = frames["documents"].select("document_id", "path")
    joined = frames[table].join(paths, on="document_id", how="left", maintain_order="left")
    return joined.select("path", *columns).rows()


def number(text: str | None) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize("name", NAMES)
def test_every_topic_is_there_in_order_and_none_is_invented(name: str) -> None:
    expected = [
        (path, place, topic) for path, front in readings(name).items() for place, topic in items(front, "topics")
    ]
    assert rows_of(name, "document_topics", "position", "topic") == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_image_is_there_in_order_and_none_is_invented(name: str) -> None:
    expected = [
        (path, place, image.get("url"), number(image.get("width")), number(image.get("height")))
        for path, front in readings(name).items()
        for place, image in items(front, "images")
    ]
    assert rows_of(name, "document_images", "position", "url", "width", "height") == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_related_item_is_there_in_order_and_none_is_invented(name: str) -> None:
    expected = [
        (path, place, item.get("webUrl"), item.get("type"), number(item.get("quality")), item["provider"]["domain"])
        for path, front in readings(name).items()
        for place, item in items(front, "related")
    ]
    columns = ("position", "web_url", "type", "quality", "provider_domain")
    assert rows_of(name, "related_items", *columns) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_related_image_is_there_in_order_and_none_is_invented(name: str) -> None:
    expected = [
        (path, place, inner, image.get("url"), number(image.get("width")), number(image.get("height")))
        for path, front in readings(name).items()
        for place, item in items(front, "related")
        for inner, image in items(item, "images")
    ]
    columns = ("related_position", "position", "url", "width", "height")
    assert rows_of(name, "related_images", *columns) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_single_value_is_as_the_file_has_it(name: str) -> None:
    texts = {"originalUrl": "original_url", "webUrl": "web_url", "type": "type", "category": "category", "name": "name"}
    expected = [
        {"path": path}
        | {
            column: None if (value := front.get(field)) in (None, "~", "null") else value
            for field, column in texts.items()
        }
        for path, front in readings(name).items()
    ]
    actual = tables(name)["documents"].select("path", *texts.values())
    assert_frame_equal(actual, pl.DataFrame(expected, schema=actual.schema))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("seed", {"documents": 1, "document_topics": 2, "document_images": 1, "related_items": 1, "related_images": 1}),
        ("power-apps", {"documents": 859, "document_topics": 965, "document_images": 871, "related_items": 0}),
        ("diablo4", {"documents": 1_988}),
    ],
)
def test_rows_of_a_corpus(name: str, counts: dict[str, int]) -> None:
    assert {table: tables(name)[table].height for table in counts} == counts


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_accounted_for(name: str) -> None:
    kinds = {path: type(outcome) for path, outcome in outcomes(name).items()}
    assert [path for path, kind in kinds.items() if kind is Document] == list(readings(name))
    assert set(kinds.values()) <= {Document, Reject, Skipped}


def test_four_files_with_an_unquoted_colon_are_refused_with_their_line() -> None:
    refused = [outcome for outcome in outcomes("diablo4").values() if isinstance(outcome, Reject)]
    assert [(one.reason.value, one.line, one.column) for one in refused] == [("invalid_yaml", 13, 11)] * 4
    assert all("a colon and a space needs quotes" in one.message for one in refused)


@pytest.mark.parametrize("name", NAMES)
def test_secured_values_are_in_no_table(name: str) -> None:
    secrets = {match for data in contents(name).values() for match in SECURED.findall(data.decode("utf-8", "replace"))}
    shown = "\n".join(frame.write_csv() for frame in tables(name).values()) + repr(list(outcomes(name).values()))
    # The first characters identify a secret: no file has them by chance.
    assert {secret[:20] for secret in secrets} & {blob[:20] for blob in BLOB.findall(shown)} == set()
    assert len(secrets) >= 1


def test_mojibake_of_the_seed_is_repaired() -> None:
    document = tables("seed")["documents"].row(0, named=True)
    assert "Clearview AI’s face biometrics" in document["excerpt"]
    assert document["is_text_repaired"]
    assert document["has_secured"]
