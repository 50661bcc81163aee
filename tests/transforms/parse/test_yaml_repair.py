"""A value that lacks quotes: rejected with advice, or with --repair read as if quoted."""

import re
import time
from collections.abc import Sequence
from itertools import count
from typing import Any

import orjson
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.corpora import NAMES, files_of, shared_corpus
from tests.transforms.front_matter import PATH, Frames, fenced, rejected, tables_of
from tests.transforms.test_nothing_is_lost import FRONTS, few, filled
from transforms.parse.frontmatter import document_id, parse_file
from transforms.parse.outcomes import Document, Outcome, Reject
from transforms.parse.yaml_repair import MAX_BYTES, MAX_LINE, MAX_REPAIRS
from transforms.tables import TABLES, polars_schema

PROBLEM = "not valid YAML without quotes: read as if quoted"


def repaired(data: bytes) -> Outcome:
    return parse_file(PATH, data, repair=True)


def repairs(outcome: Outcome) -> list[tuple[str, str]]:
    """The field and the value of each repair of a document that was repaired."""
    assert isinstance(outcome, Document), outcome
    record = orjson.loads(outcome.line)
    found = [(one["field"], one["value"]) for one in record["issues"] if one["problem"] == PROBLEM]
    assert record["is_repaired"] == bool(found)
    return found


# Values that need quotes.
VALUES = (
    "DM: The Show", "Live:", "A: B: C", "a:\tb", "@work", "`code` first", "%off today", "*x y",
    "*bold* word",
    "* star", "& more", "!important now", "[Sponsored] Offer", "[x](https://a.example/?b=c) y", "{x} y",
    "{{ page.title }}", "{% x %}", ">50% off", "| pipe", ", then", "] x", "} x", "- dash", "? why", ": so",
    "Dad's day: it's 'on'", 'The "best": now', "C#: the language", "größe: ü", "&x a: b", "*",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("front", "field"),
    [
        ("title: {}\ntype: x", "title"),
        ("type: x\nprovider:\n  name: {}\n  domain: a.example", "provider.name"),
        ("images:\n- url: a.jpg\n  title: {}\n- url: b.jpg", "images[0].title"),
        ("images:\n  - url: a.jpg\n  -   title: {}", "images[1].title"),
        ('"my title":   {}', "my title"),
    ],
)
def test_a_value_that_needs_quotes_gets_them(front: str, field: str) -> None:
    for value in VALUES:
        assert isinstance(parse_file(PATH, fenced(front.format(value))), Reject), value
    assert_each_repaired_as_by_hand(front, field, VALUES)


def test_an_item_that_needs_quotes_gets_them() -> None:
    values = ("@work", "[Sponsored] Offer", "*x y", "!important", "{{ x }}", "%off", "`a` b")
    assert_each_repaired_as_by_hand("topics:\n- a\n- {}\n- b", "topics[1]", values)


def test_a_space_that_yaml_does_not_know_is_kept() -> None:
    broken, by_hand = (fenced(f"title: {text}\ntype: x") for text in ("a: b\u00a0", "'a: b\u00a0'"))
    assert_repaired_as(by_hand, broken, [("title", "a: b\u00a0")])


def assert_each_repaired_as_by_hand(front: str, field: str, values: Sequence[str]) -> None:
    """A file for each value: all are tidied at once, which takes as long as one."""
    quoted = ["'" + value.replace("'", "''") + "'" for value in values]
    by_hand, broken = ([fenced(front.format(text)) for text in texts] for texts in (quoted, values))
    assert_all_repaired_as(by_hand, broken, [[(field, value)] for value in values])


def assert_repaired_as(by_hand: bytes, broken: bytes, expected: list[tuple[str, str]]) -> None:
    assert_all_repaired_as([by_hand], [broken], [expected])


def assert_all_repaired_as(by_hand: list[bytes], broken: list[bytes], expected: list[list[tuple[str, str]]]) -> None:
    """Repaired files give the same tables as those with quotes, except for the columns and issues about the repair."""
    outcomes, wanted = [], []
    for number, (good, bad, repairs_) in enumerate(zip(by_hand, broken, expected, strict=True)):
        path = f"{number}.md"
        outcomes.append(parse_file(path, bad, repair=True))
        wanted.append(parse_file(path, good))
        assert isinstance(wanted[-1], Document), good
        assert repairs(outcomes[-1]) == repairs_, bad
        assert parse_file(path, good, repair=True) == wanted[-1]
    assert_same_frames(tables_of(outcomes), tables_of(wanted), expected)


def assert_same_frames(actual: Frames, wanted: Frames, expected: list[list[tuple[str, str]]]) -> None:
    of_repairs = pl.DataFrame(
        [
            (document_id(path), place, path, field, value, PROBLEM)
            for path, repairs_ in ((f"{number}.md", repairs_) for number, repairs_ in enumerate(expected))
            for place, (field, value) in enumerate(repairs_)
        ],
        schema=polars_schema(TABLES["field_issues"]),
        orient="row",
    )
    counts = of_repairs.group_by("document_id").agg(pl.len().cast(pl.Int32).alias("repairs"))
    later = (
        wanted["field_issues"]
        .join(counts, on="document_id", how="left", maintain_order="left")
        .with_columns(pl.col("position") + pl.col("repairs").fill_null(0))
        .drop("repairs")
    )
    marks = {"is_repaired": pl.lit(value=True), "content_hash": actual["documents"]["content_hash"]}
    wanted = wanted | {
        "documents": wanted["documents"].with_columns(**marks),
        "field_issues": pl.concat([of_repairs, later]),
    }
    keys = ["document_id", "position"]
    for name, frame in wanted.items():
        if name == "field_issues":
            assert_frame_equal(actual[name].sort(keys), frame.sort(keys))
        else:
            assert_frame_equal(actual[name], frame)


def test_several_lines_are_repaired_in_the_order_of_the_file() -> None:
    front = "title: {}\nprovider:\n  name: {}\ntopics:\n- {}\nheat: many\nlevels: [[a]]"
    values = ("Live: a", "@b", "[c] d")
    data, by_hand = fenced(front.format(*values)), fenced(front.format(*(f"'{value}'" for value in values)))
    assert_repaired_as(by_hand, data, [("title", "Live: a"), ("provider.name", "@b"), ("topics[0]", "[c] d")])


@pytest.mark.parametrize(
    "front",
    [
        "title: a: b # and c",  # a comment, or a part of the title?
        "title: 'a': b",  # quotes are there, and it is ambiguous which are wrong
        'title: "a" b',
        "title: 'a",
        "title: [a",  # the error shows at the line below
        "title: {a\ntype: b: c",
        "title: a\n  b: c: d",  # the line before goes on
        "title: >\n b\nc d\ntype: x: y",
        "? a: b: c\n: d",
        "title: {a: b: c}",  # in braces, and a mapping rather than a text
        "topics: [a, b: c: d]",
        "title: {\n  name: a: b\n}",
        "title: [\n- @a\n]",
        "title: !!int x",
        "type: x\n\ttitle: a: b",
        "type: a\n  title: b\ntype: b: c",
        "a: b\x07: c",
        "- a\n- @b",  # a list at the top is not a document, repaired or not
        "".join(f"k{number}: a: b\n" for number in range(MAX_REPAIRS + 1)),
    ],
)
def test_yaml_that_quotes_may_not_fix_stays_a_reject(front: str) -> None:
    assert isinstance(repaired(fenced(front)), Reject)


def test_as_many_lines_as_are_allowed_are_repaired() -> None:
    front = "".join(f"k{number}: a: b\n" for number in range(MAX_REPAIRS))
    assert repairs(repaired(fenced(front))) == [(f"k{number}", "a: b") for number in range(MAX_REPAIRS)]


def test_long_front_matter_and_a_long_line_are_left_as_they_are() -> None:
    assert isinstance(repaired(fenced("title: a: b\nexcerpt: " + "x" * MAX_BYTES)), Reject)
    assert isinstance(repaired(fenced("title: a: b" + "x" * MAX_LINE)), Reject)


@pytest.mark.parametrize(
    "line", ["a" + " " * 4_000 + ": b: c", "a: b: " * 800, "- " * 2_000 + "@", "a: @" + " " * 4_000]
)
def test_no_line_takes_long_to_examine(line: str) -> None:
    start = time.process_time()
    repaired(fenced(f"b: {line}\n{line}"))
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "front",
    [
        "secured: PRIVATE: PRIVATE",
        "secured: @PRIVATE",
        " 'Secured ': PRIVATE: PRIVATE",
        '"\\x73ecured":\n  name: PRIVATE: PRIVATE',
        "secured:\n  name: PRIVATE: PRIVATE",
        "secured:\n- PRIVATE: PRIVATE: PRIVATE",
        "secured:\n- '@'\n- @PRIVATE",
        "SECURED:\n  a:\n  - b:\n    - name: PRIVATE: PRIVATE",
        "title: a: b\nsecured: PRIVATE: PRIVATE",
        "a:\n  secured: {PRIVATE} PRIVATE",
        "secured: &x\n  a:\n    name: PRIVATE: PRIVATE\nb: *x",
    ],
)
def test_secured_is_neither_repaired_nor_shown(front: str) -> None:
    for outcome in (repaired(fenced(front)), parse_file(PATH, fenced(front))):
        assert isinstance(outcome, Reject)
        assert "PRIVATE" not in repr(outcome)


def test_secured_next_to_a_broken_line_does_not_prevent_its_repair() -> None:
    outcome = repaired(fenced("secured: PRIVATE\nprovider:\n  secured: PRIVATE\n  name: DM: x"))
    assert repairs(outcome) == [("provider.name", "DM: x")]
    assert "PRIVATE" not in repr(outcome)


def test_a_reject_says_how_to_fix_its_line_without_the_value() -> None:
    reject = rejected(fenced("title: fine\nprovider:\n  name: Live: The Harbour Show"))
    assert (reject.line, reject.column) == (4, 13)
    assert "a value that contains a colon and a space needs quotes around it" in reject.message
    advice = "put single quotes around the value of provider.name, doubling each ' in it, or build with --repair"
    assert advice in reject.message
    assert "Harbour" not in reject.message


def test_the_message_of_an_unrepairable_reject_does_not_suggest_a_repair() -> None:
    assert "--repair" not in rejected(fenced("title: a: b # c")).message


def test_a_reject_of_another_format_is_not_repaired() -> None:
    for data in (b"+++\ntitle = a: b\n+++\n", b'{"title": a: b}'):
        assert repaired(data) == parse_file(PATH, data)


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_line_ends_and_encoding_make_no_difference(ends: str, encoding: str) -> None:
    text = "\n---\ntitle: Größe: 😀\n---\nBody\n"
    outcome = repaired(text.replace("\n", ends).encode(encoding))
    assert repairs(outcome) == [("title", "Größe: 😀")]


@pytest.mark.parametrize(("name", "repaired_count"), zip(NAMES, (0, 0, 4), strict=True))
def test_repair_changes_nothing_of_a_corpus_but_the_broken_lines(name: str, repaired_count: int) -> None:
    files = files_of(shared_corpus(name)).values()
    pairs = [(parse_file(PATH, data), repaired(data)) for data in files]
    fields = [[field for field, _ in repairs(fixed)] for outcome, fixed in pairs if fixed != outcome]
    assert fields == [["provider.name"]] * repaired_count


STARTS = st.sampled_from(
    ["", "a: ", "a:\t", "@", "`a` ", "%", "*x ", "& ", "!x ", "[x] ", "{x} ", "{{ x }} ", ">5 ", "| "]
)
WORDS = st.lists(
    st.sampled_from(["word", "it's", "b:", "c: d", "[e]", '"f"', "g,", "h#i", "ß"]), min_size=1, max_size=4
)


@few
@given(FRONTS, st.data(), STARTS, WORDS)
def test_a_repair_gives_what_quotes_by_hand_give(shape: Any, data: st.DataObject, start: str, words: list[str]) -> None:
    value = start + " ".join(words)
    text = yaml.safe_dump(filled(shape, count(1_000)), default_flow_style=False, allow_unicode=True, sort_keys=False)
    # Of `- a: b: c` the first part is taken for a key, as YAML would: items have a test of their own.
    leaves = re.findall(r"(?m): (leaf\d+)$", text)
    if not leaves:
        return
    leaf = data.draw(st.sampled_from(leaves))
    broken, by_hand = (fenced(text.replace(leaf, written)) for written in (value, "'" + value.replace("'", "''") + "'"))
    outcome, wanted = parse_file(PATH, broken), parse_file(PATH, by_hand)
    fixed = repaired(broken)
    if isinstance(outcome, Document):  # the value needs no quotes, or means something else without them
        assert fixed == outcome
    elif isinstance(fixed, Document):
        ((field, _),) = repairs(fixed)
        assert_repaired_as(by_hand, broken, [(field, value)])
    else:
        assert not _is_certain(value), broken
    assert repaired(by_hand) == wanted


def _is_certain(value: str) -> bool:
    """Whether a block of YAML has only one meaning if the value is put in quotes."""
    return value[0] in "@`%"
