"""Related items that documents share: the tables are those of documents that have each its own."""

from functools import partial

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.transforms.corpora import NAMES, files_of, shared_corpus
from tests.transforms.front_matter import Frames, fenced
from transforms.outline.records import LineReader
from transforms.parse.frontmatter import parse_file
from transforms.parse.limits import DEFAULT_LIMITS
from transforms.parse.outcomes import Document, Outcome
from transforms.parse.related_list import RelatedTexts
from transforms.tables import TABLES
from transforms.tidy.outcomes import tables_of


def in_both_ways(files: dict[str, bytes]) -> tuple[Frames, Frames, int]:
    """The tables with shared related items, without, and how many documents have shared ones."""
    reader, texts = LineReader(DEFAULT_LIMITS), RelatedTexts()
    read = partial(parse_file, read_line=reader.read, related_texts=texts)
    shared = documents(read(path, data) for path, data in files.items())
    own = documents(parse_file(path, data) for path, data in files.items())
    return tables_of(shared), tables_of(own), sum(bool(document.related) for document in shared)


def documents(outcomes) -> list[Document]:  # type: ignore[no-untyped-def]
    found: list[Outcome] = list(outcomes)
    return [outcome for outcome in found if isinstance(outcome, Document)]


def assert_same(shared: Frames, own: Frames) -> None:
    assert set(shared) == set(own)
    for name, frame in own.items():
        key = TABLES[name].primary_key()
        assert_frame_equal(shared[name].sort(key), frame.sort(key))


def test_documents_that_share_related_items_have_the_rows_and_issues_of_each() -> None:
    item = """\
  - title: "One &amp; two"
    publishedDateTime: soon
    heat: hot
    provider:
      name: Kerbside
      images:
        - url: a.png
          width: wide
          height: -1
    images:
      - url: https://a.example/a.png
        width: wide
      - url: b.png
        width: 640
        isCached: maybe
"""
    other = "  - title: Other\n    quality: good\n    ampWebUrl: c\n"
    provider = "provider:\n  name: Own\n  images:\n    - url: d.png\n      width: wide\n      height: tall\n"
    files = {
        "a.md": fenced(f"title: a\n{provider}related:\n{item}{other}"),
        "b.md": fenced(f"related:\n{other}{item}{item}title: b"),
        "c.md": fenced(f"title: c\nrelated:\n{item}  - |\n    text"),
        "d.md": fenced("title: d"),
    }
    shared, own, count = in_both_ways(files)
    assert count == 2
    assert own["field_issues"].height > 20
    assert_same(shared, own)


@pytest.mark.parametrize("name", NAMES)
def test_real_documents_have_the_same_rows_in_both_ways(name: str) -> None:
    shared, own, _ = in_both_ways(files_of(shared_corpus(name)))
    assert_same(shared, own)


def test_documents_without_related_items_have_none() -> None:
    shared, own, count = in_both_ways({"a.md": fenced("title: a")})
    assert count == 0
    assert shared["related_items"].equals(pl.DataFrame(schema=own["related_items"].schema))
