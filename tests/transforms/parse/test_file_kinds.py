"""Front matter of notebooks, reStructuredText and AsciiDoc, whose extension decides how they are split."""

import json
import tracemalloc
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.front_matter import fenced, parsed
from transforms.parse.frontmatter import document_id, parse_file
from transforms.parse.limits import Limits
from transforms.parse.outcomes import Document, Reason, Reject, Skipped
from transforms.parse.split import FrontMatter, split_file, split_front_matter

CELL = "---\ntitle: A notebook\ndate: 2021-03-04\n---\nFirst words"
CODE = {"cell_type": "code", "source": ["import this\n", "this.c"], "outputs": [{"data": [1, {"a": "---"}]}]}


def cell(source: Any, kind: str = "raw") -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


def notebook(*cells: Any, indent: int | None = 1) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent).encode()


@pytest.mark.parametrize("kind", ["raw", "markdown"])
@pytest.mark.parametrize("source", [CELL, CELL.splitlines(keepends=True), "\n" + CELL, CELL.replace("\n", "\r\n")])
@pytest.mark.parametrize("indent", [None, 1])
def test_front_matter_of_a_notebook_is_at_the_top_of_its_first_cell(kind: str, source: Any, indent: int | None) -> None:
    front = split_file("a/b.ipynb", notebook(cell(source, kind), CODE, cell("Last words", "markdown"), indent=indent))
    assert front is not None
    assert (front.format, front.text) == ("yaml", b"title: A notebook\ndate: 2021-03-04\n")
    assert front.body.split() == b"First words import this this.c Last words".split()
    assert front.line == (3 if isinstance(source, str) and source.startswith("\n") else 2)


def test_a_notebook_is_the_document_that_a_text_file_of_its_cells_is() -> None:
    text = parsed(CELL.encode() + b"\n\nimport this\nthis.c", "b.md")
    found = parsed(notebook(cell(CELL), CODE), "b.IPYNB")
    assert found.content_hash == text.content_hash
    own = {"path": "b.IPYNB", "document_id": document_id("b.IPYNB")}
    assert orjson.loads(found.line) == orjson.loads(text.line) | own


def test_outputs_and_metadata_do_not_change_the_content_hash_of_a_notebook() -> None:
    first = parsed(notebook(cell(CELL), CODE), "b.ipynb")
    assert parsed(notebook(cell(CELL), CODE | {"outputs": [], "execution_count": 7}), "b.ipynb") == first


def test_toml_in_the_first_cell_is_read() -> None:
    front = split_file("b.ipynb", notebook(cell('+++\ntitle = "x"\n+++')))
    assert front == FrontMatter("toml", b'title = "x"\n', b"", 2)


@pytest.mark.parametrize(
    "data",
    [
        b"", b" \n", notebook(), notebook(CODE), notebook(cell("# Title", "markdown")), notebook(cell('{"a": 1}')),
        notebook(cell(CELL, "code")), notebook(cell("", "markdown"), cell(CELL)), notebook({"cell_type": "raw"}),
        notebook(cell("---\n\n* * *", "markdown")),
    ],
)  # fmt: skip
def test_a_notebook_without_front_matter_in_its_first_cell_is_skipped(data: bytes) -> None:
    assert parse_file("b.ipynb", data) == Skipped()


def test_a_notebook_may_have_what_only_python_takes_for_json() -> None:
    data = notebook(cell(CELL), {"cell_type": "markdown", "source": "\ud800"}, CODE | {"outputs": [float("nan")]})
    assert b"NaN" in data
    assert isinstance(parse_file("b.ipynb", data), Document)


AGAIN = "open it in Jupyter and save it again"
NO_JSON = f"Expecting value: the notebook is not valid JSON; {AGAIN}, or restore it"
NO_CELLS = f"no list of cells, as a notebook of format 4 has: {AGAIN}"
UNCLOSED = "the front matter opened by '---' is never closed: add a line '---' after its last key"


@pytest.mark.parametrize(
    ("data", "reject"),
    [
        (b'{\n "cells": [,]}', Reject(Reason.INVALID_JSON, NO_JSON, 2, 12)),
        (fenced("title: x"), Reject(Reason.INVALID_JSON, NO_JSON, 1, 1)),
        (b"[]", Reject(Reason.INVALID_JSON, NO_CELLS)),
        (b'{"worksheets": []}', Reject(Reason.INVALID_JSON, NO_CELLS)),
        (notebook("x"), Reject(Reason.INVALID_JSON, NO_CELLS)),
        (notebook(cell(CELL), cell([1])), Reject(Reason.INVALID_JSON, f"a cell whose source is not text: {AGAIN}")),
        (b"[" * 100_000, Reject(Reason.TOO_DEEP, f"nested deeper than any notebook: {AGAIN}, or restore it")),
        (notebook(cell("---\ntitle: x\n")), Reject(Reason.UNCLOSED_FENCE, UNCLOSED, 1, 1)),
    ],
)
def test_a_malformed_notebook_is_rejected_with_what_to_do(data: bytes, reject: Reject) -> None:
    assert parse_file("b.ipynb", data) == reject


def test_bytes_that_are_no_text_are_rejected_in_a_notebook_too() -> None:
    outcome = parse_file("b.ipynb", b'{"cells": ["\xff"]}')
    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.NOT_UNICODE


def test_the_limits_hold_for_notebooks() -> None:
    data = notebook(cell(CELL))
    for limits in (Limits(file_bytes=len(data) - 1), Limits(front_matter_bytes=20)):
        outcome = parse_file("b.ipynb", data, limits=limits)
        assert isinstance(outcome, Reject)
        assert outcome.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("value", [b"[]", b"{}", b"0", b'""'])
def test_a_notebook_of_many_values_is_rejected_before_it_takes_much_memory(value: bytes) -> None:
    data = b'{"cells": [' + b",".join([value] * 2_600_000) + b"]}"
    tracemalloc.start()
    outcome = parse_file("b.ipynb", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.TOO_MANY_VALUES
    assert peak < 30_000_000


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=9) | st.integers(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.binary() | st.builds(notebook, VALUES, st.builds(cell, VALUES)))
def test_any_bytes_have_an_outcome_as_a_notebook(data: bytes) -> None:
    assert isinstance(parse_file("b.ipynb", data), Document | Reject | Skipped)


@pytest.mark.parametrize("path", ["a.rst", "a.adoc", "a.asciidoc", "a.ADOC"])
@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: x\n---\n= Title\n", b"\n---\n# note\nlayout: default\n---\n", b"---\n---\n",
        b"+++\ntitle = 'x'\n+++\n",
        b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n", b"---  \n\"title\": x\n---",
    ],
)  # fmt: skip
def test_front_matter_between_fences_is_read_in_restructuredtext_and_asciidoc(path: str, data: bytes) -> None:
    front = split_file(path, data)
    assert front is not None
    assert front == split_front_matter(data)
    assert isinstance(parse_file(path, data), Document)


@pytest.mark.parametrize("path", ["a.rst", "a.adoc"])
@pytest.mark.parametrize(
    "data",
    [
        b"-----\nTitle\n-----\n\nText\n", b"---\nFAQ\n---\n\nText\n", b"----\ncode: x\n----\n",
        b"++++\n<script>\n++++\n",
        b"+++\n<b>\n+++\n", b"= Title\n:page-date: 2021-03-04\n\nText\n", b'{"a": 1}\n', b"---\n\nText\n---\n", b"",
    ],
)  # fmt: skip
def test_markup_that_only_looks_like_front_matter_is_skipped(path: str, data: bytes) -> None:
    assert parse_file(path, data) == Skipped()


def test_an_unclosed_fence_is_rejected_in_asciidoc_too() -> None:
    outcome = parse_file("a.adoc", b"---\ntitle: x\n\n= Title\n")
    assert isinstance(outcome, Reject)
    assert (outcome.reason, outcome.line) == (Reason.UNCLOSED_FENCE, 1)


@pytest.mark.parametrize("path", ["a.md", "a.mdx", "a.Rmd", "a.qmd", "a.mdoc", "a.html", "rst", "a.rst.md", "ipynb"])
def test_other_files_are_split_whatever_their_name(path: str) -> None:
    for data in (b"----\ntitle: x\n----\n", b'{"a": 1}\n', b"Text\n"):
        assert split_file(path, data) == split_front_matter(data)
