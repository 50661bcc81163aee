"""The fields at the top of a reStructuredText file, as docutils reads them."""

import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.front_matter import parsed
from transforms.parse.docinfo import split_docinfo
from transforms.parse.frontmatter import parse_file, read_front_matter
from transforms.parse.key_lines import line_of_key
from transforms.parse.outcomes import Document, Reason, Reject, Skipped
from transforms.parse.split import split_file

PELICAN = """\
.. a comment
   :that: is not a field

My *great* title
################

:date: 2010-10-03 10:20
:tags: thats, *awesome*
:Category: yeah
:authors: Alexis Metaireau, "Conan" Doyle
:summary: Short version for index
   and feeds

   in two paragraphs
:empty:
:a b: c

:doc:`Body <text>` of six words

:date: 1999-01-01
"""


def fields(text: str) -> object:
    front = split_file("a.rst", text.encode())
    return None if front is None else read_front_matter(front)[0].value


def test_fields_at_the_top_and_the_title_are_the_front_matter() -> None:
    front = split_docinfo(PELICAN.encode())
    assert front is not None
    found, body = read_front_matter(front)
    assert found.value == {
        "title": "My great title",
        "date": "2010-10-03 10:20",
        "tags": "thats, *awesome*",
        "Category": "yeah",
        "authors": 'Alexis Metaireau, "Conan" Doyle',
        "summary": "Short version for index and feeds in two paragraphs",
        "empty": None,
        "a b": "c",
    }
    assert body.decode().strip() == ":doc:`Body <text>` of six words\n\n:date: 1999-01-01"


def test_a_file_with_fields_is_a_document() -> None:
    record = orjson.loads(parsed(PELICAN.encode(), "a.rst").line)
    assert (record["path"], record["title"], record["body_words"]) == ("a.rst", "My great title", 7)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("title", 4), ("date", 7), ("tags", 8), ("summary", 11), ("empty", 15), ("a b", 16), ("b", None)],
)
def test_each_key_is_on_its_line_in_the_file(key: str, expected: int | None) -> None:
    front = split_file("a.rst", PELICAN.replace("\n", "\r\n").encode())
    assert front is not None
    assert line_of_key(front, key) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":date: x", {"date": "x"}),
        ("\ufeff\n:date: x\n", {"date": "x"}),
        (":orphan:\n\nTitle\n=====\n", {"orphan": None}),
        ("=====\nTitle\n=====\n:date: x\n\nText", {"title": "Title", "date": "x"}),
        ("-----\nTitle\n-----\n\n:date: x\n", {"title": "Title", "date": "x"}),
        ("Title\n=====\nSub\n---\n\n:date: x\n", {"title": "Title", "date": "x"}),
        ("Title\n=====\n\n:Title: Other\n", {"Title": "Other"}),
        (":date: 1\n:date: 2\n", {"date": "2"}),
        (":date: 1\ntext\n", {"date": "1"}),
        (":url: http://x.y/?a=b:c\n", {"url": "http://x.y/?a=b:c"}),
        ("---\ndate: x\n---\n\n:date: y\n", {"date": "x"}),
        ("", None),
        ("Title\n=====\n\nText\n\n:date: x\n", None),
        ("Title\n=====\n\n.. image:: x\n\n:date: x\n", None),
        ("Title\n=====\n\n:doc:`x` is text\n", None),
        (".. title: Nikola\n.. date: x\n\nText\n", None),
        (":date:x\n", None),
        ("  :date: x\n", None),
        ("\n" * 70 + ":date: x\n", None),
        (":date: x\n" + ":a: b\n" * 3_000, None),
    ],
)
def test_fields_are_read_only_at_the_top(text: str, expected: object) -> None:
    assert fields(text) == expected


def test_a_repeated_field_is_an_issue() -> None:
    issues = orjson.loads(parsed(b":x: 1\n:x: 2\n", "a.rst").line)["issues"]
    assert issues == [{"field": "x", "value": "1", "problem": "duplicate key: the last value is used"}]


def test_a_secured_field_is_not_stored() -> None:
    line = parsed(b":title: x\n:secured: c2VjcmV0\n", "a.rst").line
    assert orjson.loads(line)["has_secured"]
    assert b"c2VjcmV0" not in line


def test_no_other_file_is_read(tmp_path: str) -> None:
    text = f".. include:: {__file__}\n\n.. raw:: html\n   :file: {__file__}\n\n:date: x\n"
    assert fields(text) is None
    assert fields(":date: x\n   .. include:: /etc/hostname\n") == {"date": "x .. include:: /etc/hostname"}


def test_fields_that_nest_too_deeply_are_rejected() -> None:
    text = ":a:\n" + "".join(f"{' ' * depth}- x\n" for depth in range(1, 170))
    outcome = parse_file("a.rst", text.encode())
    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.TOO_DEEP


@pytest.mark.parametrize("text", ["\n" * 10**6 + "x", ":a: b\n" + "\n" * 10**6, "text\n" * 10**6, ":a: " + "x" * 10**6])
def test_a_long_file_without_fields_is_quickly_skipped(text: str) -> None:
    start = time.process_time()
    assert parse_file("a.rst", text.encode()) == Skipped() or len(text.split()) == 2
    assert time.process_time() - start < 2


LINES = st.lists(
    st.text(":a `*_|.-=\\[]\t<>\"'{}é1", max_size=12) | st.sampled_from([":a: b", "===", "   x", "", ".. x", "| a"]),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_any_text_has_an_outcome(lines: list[str]) -> None:
    assert isinstance(parse_file("a.rst", "\n".join(lines).encode()), Document | Reject | Skipped)
    assert isinstance(
        parse_file("a.rst", "\n".join(["Title", "=====", ":date: x", *lines]).encode()), Document | Skipped | Reject
    )
