"""Documents and mappings by their outlines, compared with those of the parsers."""

from collections.abc import Iterator, Sequence
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.inputs import committed_files
from tests.transforms.outline.whole import whole
from transforms.generic.adapt import adapter
from transforms.generic.rules import DEFAULT_RULES
from transforms.outline.mappings import MappingReader
from transforms.outline.records import LineReader
from transforms.parse.content_hash import content_hash
from transforms.parse.frontmatter import parse_file
from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.parse.outcomes import Document, Outcome, RelatedItem
from transforms.parse.related_list import RelatedTexts
from transforms.parse.split import FrontMatter

GENERIC = adapter(DEFAULT_RULES)


class Counted:
    """A reader that counts what it read."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.lines = LineReader(limits)
        self.mappings = MappingReader()
        self.limits = limits
        self.texts = RelatedTexts()
        self.count = 0

    def read(self, front: str) -> Outcome:
        """The document of front matter, which is the same in all ways."""
        return self.read_file(f"---\n{front}---\nBody.\n".encode())

    def read_file(self, data: bytes) -> Outcome:
        expected = parse_file("a.md", data, limits=self.limits)
        plain = parse_file("a.md", data, limits=self.limits, read_line=self._line, related_texts=self.texts)
        assert whole(plain) == expected
        generic = parse_file("a.md", data, limits=self.limits, make_record=GENERIC)
        read = self.mappings.read
        assert parse_file("a.md", data, limits=self.limits, make_record=GENERIC, read_mapping=read) == generic
        return expected

    def _line(self, *arguments: object) -> tuple[bytes, Sequence[RelatedItem]] | None:
        read = self.lines.read(*arguments)  # type: ignore[arg-type]
        self.count += read is not None
        return read


@pytest.fixture
def reader() -> Iterator[Counted]:
    return Counted()


PLAIN = """\
title: "A \\"b\\" 100%"
excerpt: 'It''s \\ here'
heat: 1.50
published: true
credit: true
secured: "abc="
provider:
  name: Kerbside
topics: [Cycling, 'Rain, wind']
levels:
  - One
  - "Two"
images:
  - url: a.png
    width: 640
    note: A note
"""


def test_plain_documents_are_read_by_their_outline(reader: Counted) -> None:
    for heat in ("1.50", "-1", "007", "0x1F", "1e3", "no", "2021-04-20T22:38:00Z"):
        assert isinstance(reader.read(PLAIN.replace("1.50", heat)), Document)
    assert reader.count == 7


@pytest.mark.parametrize(
    "front",
    [
        "title: a\ntitle: b\n",  # a repeated key
        "title:\n  - a\n",  # a list in place of a value
        "provider: [a, b]\n",  # a list in place of a mapping
        "topics: ['']\n",  # an empty item
        "topics: [null]\n",
        "topics:\n  - a\n    - b\n",  # a text of two lines
        "title: a\n  - b\n",
        "title: https://user:pw@a.example/\n",
        "title: secured\n",
        "topics: {a: b}\n",
        "secured:\n  a: b\n",
        "a:\n  secured: b c\n",
        "title: a\n b: c\n",  # not valid
        "topics: [ ]\n",
        "images: [  ]\n",
        "topics: [a,\u00a0]\n",  # a blank that strips
        "  title: a\n",
        "# a comment\n  title: a\n  b: .5\n",
        f"{'k' * 1_025}: .5\n",
    ],
)
def test_a_document_whose_values_matter_is_left_to_the_parsers(reader: Counted, front: str) -> None:
    for _ in range(2):
        reader.read(front)
    assert reader.count == 0


def item(number: int, *more: str) -> str:
    return "\n    ".join([f'  - title: "Item {number}"', f"webUrl: https://a.example/{number}", *more]) + "\n"


def test_related_items_are_read_once(reader: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    front = f"title: a\nrelated:\n{item(1)}{item(2)}topics:\n  - b\n"
    reader.read(front)
    monkeypatch.setattr("transforms.outline.related.split_lines", None)
    reader.read(front.replace("title: a", "title: other"))
    assert reader.count == 2


@pytest.mark.parametrize(
    "front",
    [
        f"title: a\nrelated:\n{item(1)}",
        f"related:\n{item(1)}{item(2)}title: a\n",
        f"title: a\nrelated:\n{item(1, 'ampWebUrl: b')}{item(2)}price: c\n",
        f"title: a\nrelated:\n{item(1, 'images:', '  - url: b', '    note: c')}",
        f"title: a\nrelated:\n\n{item(1)}\n{item(2)}\n\n",
        "title: a\nrelated:\n- title: b\n- title: c\ntopics:\n- d\n",
        f"topics:\n  - a\nrelated:\n{item(1)}# a comment\n{item(2)}",
    ],
)
def test_related_items_in_any_place_are_plain(reader: Counted, front: str) -> None:
    reader.read(front)
    assert reader.count == 1


@pytest.mark.parametrize(
    "front",
    [
        f"topics:\n  - a\nrelated:\n{item(1)}- b\n",
        f"topics:\nrelated:\n{item(1)}- b\n",
        f"related:\n{item(1)}related:\n{item(2)}",
        f"related:\n{item(1)}   - b\n",
        f"related:\n{item(1, 'title: again')}",
        f"related:\n{item(1, 'secured: b')}",
        f"related:\n{item(1, 'heat: [1]')}",
        "related:\n  - a\n  - b: c\n",
        "related:\n  - ''\n",
        'related:\n  - title: "a\n  - title: b"\n',
        "related: [a]\nrelated:\n  - title: b\n",
        "  title: a\nrelated:\n  - title: b\n",
        "# a comment\n title: a\nrelated:\n  - title: b\n",
        "related:\n  - images: [ ]\n",
        "related:\n  - b:\n" + "".join(f"{' ' * (place + 6)}a:\n" for place in range(98)) + f"{' ' * 110}a: z\n",
    ],
)
def test_related_items_that_depend_on_others_are_left_to_the_parsers(reader: Counted, front: str) -> None:
    for _ in range(2):
        reader.read(front)
    assert reader.count == 0


def test_the_limits_of_a_file_hold() -> None:
    few = Counted(Limits(items=2, values=300, depth=100))
    few.read("topics: [a, b]\n")
    assert few.count == 1
    few.read("topics: [a, b, c]\n")
    few.read(f"related:\n{item(1)}{item(2)}{item(3)}")
    few.read("".join(f"k{number}: a\n" for number in range(310)))
    few.read("images:\n" + "  - url: a\n" * 3)
    assert few.count == 1
    shallow = Counted(Limits(depth=1))
    shallow.read("provider:\n  images:\n    - url: a\n")
    assert shallow.count == 0


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.outline.memo._MOST_BYTES", 10_000)
    monkeypatch.setattr("transforms.outline.related._MOST_BYTES", 3_000)
    monkeypatch.setattr("transforms.parse.related_list._MOST_BYTES", 1_000)
    counted = Counted()
    for number in range(60):
        counted.read(f"k{number}: a\nrelated:\n{item(number)}")
    assert counted.count == 60
    assert len(counted.lines._templates._made) < 30
    assert len(counted.lines._related._known) < 30
    assert len(counted.texts._known) < 30


def test_the_sample_is_plain() -> None:
    counted = Counted()
    documents = sum(isinstance(counted.read_file(data), Document) for data in committed_files())
    assert counted.count >= documents // 2


N = 90_000


@pytest.mark.parametrize(
    "front",
    [
        "a" * N, "a " * (N // 2), "a: " + "b " * (N // 2), "a: " + ":b" * (N // 2), " " * N + "a", "- " * (N // 2),
        "a: '" + "''" * (N // 2), 'a: "' + '\\"' * (N // 2), "a: [" + "b, " * (N // 3), "a: b" + " " * N + "#",
        "a:\n" + "- b\n" * (N // 4) + "c", "related:\n" + "  - b: c\n" * (N // 9) + "d: e", "# " * (N // 2), "\n" * N,
        "related:\n" + "  - b: c\n" * (N // 9) + "d: |", "actions:\n" + "- url: b\n- c\n" * (N // 14),
        "a: " + "\u2003" * (N // 3),
    ],
    ids=lambda front: front[:12],
)  # fmt: skip
def test_no_text_takes_long(front: str) -> None:
    reader, mappings = LineReader(DEFAULT_LIMITS), MappingReader()
    start = process_time()
    for _ in range(2):
        split = FrontMatter("yaml", front.encode() + b"\n", b"", 1)
        reader.read(content_hash(split), lambda: [b"1"] * 5)
        mappings.read(front.encode() + b"\n", DEFAULT_LIMITS)
    assert process_time() - start < 3


VALUES = st.one_of(
    st.sampled_from(
        ["a", "true", "false", "null", "Null", "~", "''", '""', '"a\\"b"', "'a''b'", "it's", "a:b", "1.50", "-1", ".5",
         "5.", "no", "True", "0o7", "+1", "[a, b]", "[]", "[ ]", "[a,\u00a0]", "[true, null]", "a%b", "日本",
         "x\u00a0", "2021-04-20", "<<",
         "=", "12:30"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=6),
)  # fmt: skip
KEYS = st.sampled_from(
    [
        "title",
        "topics",
        "images",
        "heat",
        "provider",
        "related",
        "levels",
        "a",
        "a b",
        "null",
        "secured",
        "webUrl",
        "url",
    ]
)


@st.composite
def lines_of(draw: st.DrawFn) -> str:
    indent = draw(st.sampled_from(["", "", "  ", "    "]))
    dash = draw(st.sampled_from(["", "", "- "]))
    key = draw(st.one_of(KEYS.map(lambda key: f"{key}: "), st.just("") if dash else st.nothing()))
    return f"{indent}{dash}{key}{draw(VALUES) if draw(st.booleans()) else ''}\n"


READER = Counted()  # of all examples: an outline seen before must fit the next


@settings(max_examples=150, deadline=None)
@given(st.lists(lines_of(), max_size=8).map("".join))
def test_outlines_give_what_the_parsers_give(front: str) -> None:
    READER.read(front)
