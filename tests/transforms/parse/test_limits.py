"""The limits of one file: each at its edge, in every format; and no file that takes long."""

import json
import time

import pytest

from tests.transforms.front_matter import PATH, fenced, parsed, tables_of
from transforms.parse.frontmatter import parse_file
from transforms.parse.limits import DEFAULT_LIMITS, Limits, enforce
from transforms.parse.outcomes import Document, Outcome, Reason, Reject

SMALL = Limits(file_bytes=1_000, front_matter_bytes=200, depth=3, values=12, items=4)


def refused(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Reject:
    outcome = parse_file(PATH, data, limits=limits)
    assert isinstance(outcome, Reject), outcome
    return outcome


def in_every_format(value: object) -> list[bytes]:
    """A mapping as YAML of either reader, as TOML and as JSON."""
    text = json.dumps(value)
    toml = "\n".join(f"{key} = {json.dumps(item).replace(': ', ' = ')}" for key, item in dict(value).items())  # type: ignore[call-overload]
    return [fenced(text), fenced(f"{text} # *"), fenced(f"!!map {text}"), f"+++\n{toml}\n+++\n".encode(), text.encode()]


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not() -> None:
    data = fenced("title: x").ljust(1_000)
    assert isinstance(parse_file(PATH, data, limits=SMALL), Document)
    reject = refused(data + b" ", SMALL)
    assert (reject.reason, reject.line) == (Reason.TOO_LARGE, None)
    assert "1,000 bytes" in reject.message
    assert "max_file_size" in reject.message


@pytest.mark.parametrize("mark", ["---\ntitle: {}\n---\n", "+++\ntitle='{}'\n+++\n", '{{"title":"{}"}}'])
def test_long_front_matter_is_refused_and_a_long_body_is_not(mark: str) -> None:
    assert isinstance(parse_file(PATH, mark.format("x" * 180).encode() + b" " * 500, limits=SMALL), Document)
    for body in ("", " " * 500):
        reject = refused(mark.format("x" * 200).encode() + body.encode(), SMALL)
        assert reject.reason == Reason.TOO_LARGE
        assert "200 bytes" in reject.message
        assert "max_front_matter_size" in reject.message


def test_invalid_json_within_the_limit_is_rejected_with_its_place_however_long_the_file_is() -> None:
    reject = refused(b'{"title": "x",\n "topics": [1 2]}' + b" " * 900, SMALL)
    assert (reject.reason, reject.line, reject.column) == (Reason.INVALID_JSON, 2, 15)


def test_depth_is_counted_the_same_way_in_every_format() -> None:
    for data in in_every_format({"a": {"b": [1]}}):
        assert isinstance(parse_file(PATH, data, limits=SMALL), Document), data
    for inner in ([[1]], [[]], [{}]):
        for data in in_every_format({"a": {"b": inner}}):
            assert refused(data, SMALL).reason == Reason.TOO_DEEP, data


@pytest.mark.parametrize("depth", [100, 200])
def test_the_greatest_depth_that_can_be_set_is_read_in_every_format(depth: int) -> None:
    limits = Limits(depth=depth)
    value: object = "x"
    for _ in range(depth - 1):
        value = [value] if depth % 3 else {"a": value}
    for data in in_every_format({"title": value}):
        outcome = parse_file(PATH, data, limits=limits)
        assert isinstance(outcome, Document), outcome
        assert tables_of([outcome])["field_issues"]["value"].to_list() == [json.dumps(value, separators=(",", ":"))]
    for data in in_every_format({"title": [value]}):
        assert refused(data, limits).reason == Reason.TOO_DEEP
    assert "max_depth" in refused(fenced(json.dumps({"title": [value]})), limits).message


def test_values_are_counted_the_same_way_in_every_format() -> None:
    for data in in_every_format({"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": [1, 2, 3, 4]}}):
        assert isinstance(parse_file(PATH, data, limits=SMALL), Document), data
    for data in in_every_format({"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": [1, 2, 3, 4, 5]}}):
        reject = refused(data, SMALL)
        assert reject.reason == Reason.TOO_MANY_VALUES, data
        assert "12 values" in reject.message
        assert "max_values" in reject.message


def test_duplicate_keys_count_as_values() -> None:
    for data in (fenced("a: 1\n" * 13), fenced("a: 1\n" * 13 + "b: &x 1"), b"{" + b'"a": 1, ' * 13 + b'"b": 1}'):
        assert refused(data, SMALL).reason == Reason.TOO_MANY_VALUES


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [1, 2]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: &a {k: 1, l: 2}\nb: {<<: *a}\nc: {<<: [*a, *a]}\nd: {<<: *a}",
        "a: &a " + "x" * 60 + "\nb: [*a, *a, *a]",
    ],
)
def test_aliases_count_expanded(front: str) -> None:
    reject = refused(fenced(front), SMALL)
    assert reject.reason == Reason.TOO_MANY_ALIASES
    assert "max_values and max_front_matter_size" in reject.message


def test_a_long_text_named_by_many_aliases_is_not_written_out() -> None:
    """A megabyte of YAML expanded to six gigabytes of JSON."""
    front = "a: &a " + "x" * 500_000 + "\ntopics:\n" + "- *a\n" * 50_000
    assert refused(fenced(front)).reason == Reason.TOO_MANY_ALIASES


def test_depth_that_aliases_add_up_to_is_seen_whichever_is_measured_first() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 150))
    rows = "z: [" + ", ".join(f"*a{n}" for n in range(149, -1, -1)) + "]"
    for front in (chain, chain + rows):
        assert refused(fenced(front)).reason == Reason.TOO_DEEP


@pytest.mark.parametrize("anchor", ["", "\nz: &z 1"])
def test_items_beyond_the_limit_are_refused_together_and_none_is_lost(anchor: str) -> None:
    topics = "topics: [a, b, c, d, e, [f]]"
    limits = Limits(items=4)
    outcome = parse_file(PATH, fenced(topics + anchor), limits=limits)
    frames = tables_of([outcome])
    assert frames["document_topics"]["topic"].to_list() == ["a", "b", "c", "d"]
    assert frames["field_issues"].select("field", "value", "problem").rows() == [
        (
            "topics[4:]",
            '["e",["f"]]',
            "a list of 6 items, of which the first 4 are rows: raise the setting max_items",
        )
    ]


def test_the_limit_of_items_applies_to_every_list_that_becomes_rows() -> None:
    front = "related: [{images: [a, b, c]}, {title: x}, {title: y}]\nprovider: [A, B, C]\ntags: [1, 2, 3]"
    frames = tables_of([parse_file(PATH, fenced(front), limits=Limits(items=2))])
    assert frames["field_issues"]["field"].to_list() == [
        "related[2:]",
        "related[0].images[2:]",
        "provider[2:]",
        "provider[1]",
    ]
    assert frames["documents"]["extra"].to_list() == ['{"tags":["1","2","3"]}']


def test_nothing_secured_is_among_the_items_that_are_cut_off() -> None:
    outcome = parse_file(PATH, fenced("topics: [a, {secured: PRIVATE}]"), limits=Limits(items=1))
    assert isinstance(outcome, Document)
    assert b"PRIVATE" not in outcome.line
    assert tables_of([outcome])["documents"]["has_secured"].to_list() == [True]


def test_of_ten_thousand_topics_a_thousand_are_rows_and_the_others_are_kept() -> None:
    frames = tables_of([parsed(fenced("topics:\n" + "".join(f"- t{n}\n" for n in range(10_000))))])
    assert frames["document_topics"]["topic"].to_list() == [f"t{n}" for n in range(1_000)]
    assert frames["field_issues"]["field"].to_list() == ["topics[1000:]"]
    assert json.loads(frames["field_issues"]["value"][0]) == [f"t{n}" for n in range(1_000, 10_000)]


def test_depth_and_number_of_values_are_limited() -> None:
    enforce(SMALL, {"a": [{"b": 1}]})
    with pytest.raises(Reject):
        enforce(SMALL, {"a": [{"b": []}]})
    with pytest.raises(Reject):
        enforce(SMALL, list(range(13)))


MEGABYTE = 1_000_000 - 100


def repeated(unit: str, size: int = MEGABYTE) -> str:
    return unit * (size // len(unit))


def numbered(unit: str, size: int = MEGABYTE) -> str:
    return "".join(unit.replace("#", f"{number:06d}") for number in range(size // (len(unit) + 5)))


# Each of the longest front matter that is read by default. What a reader once took minutes or gigabytes for, says why.
SLOW = {
    "toml, a key of 300,000 parts (by the square)": "+++\n" + repeated("a.") + "a = 1\n+++\n",
    "toml, a table of 300,000 parts (by the square)": "+++\n[" + repeated("a.") + "a]\n+++\n",
    "toml, a key of quoted parts": "+++\n" + repeated('"a".') + "a = 1\n+++\n",
    "toml, a long key after a text that ends on its line": (
        "+++\na = ['''\n\"''', {" + repeated("a.") + "a = 1}, '\"']\n+++\n"
    ),
    "toml, keys of 99 parts": "+++\n" + numbered("k#." + "a." * 98 + "a = 1\n") + "+++\n",
    "toml, a number of a million digits": f"+++\na = {'1' * MEGABYTE}\n+++\n",
    "toml, a hexadecimal number of a million digits": f"+++\na = 0x{'f' * MEGABYTE}\n+++\n",
    "yaml, a number in base 60 (by the square)": f"---\na: !!int {repeated('1:')}1\n---\n",
    "yaml, a fraction in base 60 (by the square)": f"---\na: !!float {repeated('1:')}1\n---\n",
    "yaml, aliases of one large mapping (by the square)": (
        "---\na: &a {" + numbered("k#: 1, ", MEGABYTE // 2) + "}\n" + numbered("m#: *a\n", MEGABYTE // 2) + "---\n"
    ),
    "yaml, many merge keys in one mapping": "---\na: &a {b: 1}\nc:\n" + repeated("  <<: *a\n") + "---\n",
    "yaml, empty lists for the reference parser": "---\na: [" + repeated("[],") + "]\n---\n",
    "yaml, keys for the reference parser": "---\na: &a 1\n" + numbered("k#: 1\n") + "---\n",
    "yaml, keys alone": "---\n" + repeated("? a\n") + "---\n",
    "yaml, ordered mappings": "---\na: !!omap [" + repeated("a: 1,") + "]\n---\n",
    "yaml, empty items": "---\ntopics:\n" + repeated("-\n") + "---\n",
    "yaml, dashes without a space in reach": "---\na:\n " + repeated("-  ") + "x\n---\n",
    "yaml, one key again and again": "---\n" + repeated("a: 1\n") + "---\n",
    "yaml, a secured text of many lines": "---\nsecured: |\n" + repeated(" a\n") + "---\n",
    "a fence and comments alone (a gigabyte for ten)": "---\n" + repeated("#\n", 15_000_000),
    "a body of short words (fifteen times its size)": "---\na: 1\n---\n" + repeated("a ", 15_000_000),
    "json, invalid after 15 megabytes": '{"a": [' + repeated("1,", 15_000_000) + "\n",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_the_worst_case_file_takes_a_few_seconds_at_most(name: str) -> None:
    """On an idle machine each takes less than two seconds; the quadratic ones took from twenty seconds to hours."""
    start = time.process_time()
    outcome: Outcome = parse_file(PATH, SLOW[name].encode())
    if isinstance(outcome, Document):
        tables_of([outcome])
    assert time.process_time() - start < 8
