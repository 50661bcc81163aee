"""rapidyaml against the reference parser, and both against PyYAML's BaseLoader, which returns text, lists and mappings.

Both parsers return null as None and other scalars as text, so that 1.50, 007 and no stay as written; true and false may
also be booleans. BaseLoader returns null as text.
"""
# ruff: noqa: RUF001  (what looks alike is what these tests are about)

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.corpora import NAMES, SAMPLE, files_of, shared_corpus
from tests.transforms.mutations import SYNTAX, mutated
from transforms.parse.frontmatter import parse_file
from transforms.parse.nested import ParsedFrontMatter
from transforms.parse.outcomes import Reject
from transforms.parse.split import split_front_matter
from transforms.parse.yaml_rapid import parse_with_rapidyaml
from transforms.parse.yaml_reference import parse_with_pyyaml
from transforms.redact.secured import is_secured
from transforms.redact.secured import without_secured as withhold_secured

MUTANTS = int(os.environ.get("FRONTMART_FUZZ", "4000"))
SEED = int(os.environ.get("FRONTMART_FUZZ_SEED", "20210420"))
NULLS = ("", "~", "null", "Null", "NULL")
BASE = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def as_words(value: object) -> object:
    """A nested value with booleans as words."""
    if isinstance(value, dict):
        return {key: as_words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_words(item) for item in value]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def is_as_written(value: object, base: object) -> bool:
    """Whether a value equals that of BaseLoader, order of keys included."""
    if isinstance(value, dict):
        return (
            isinstance(base, dict)
            and len(value) == len(base)
            and all(key == other or (key == "null" and other in NULLS) for key, other in zip(value, base, strict=True))
            and all(map(is_as_written, value.values(), base.values()))
        )
    if isinstance(value, list):
        return isinstance(base, list) and len(value) == len(base) and all(map(is_as_written, value, base))
    return base in NULLS if value is None else value == base


def parse_with_reference(text: bytes) -> ParsedFrontMatter | None:
    try:
        return parse_with_pyyaml(text, 1)
    except Reject:
        return None


def repeated(loaded: ParsedFrontMatter) -> list[str]:
    """The repeated keys and their values, sorted, because the parsers return them in different orders."""
    return sorted(repr((key, as_words(value))) for key, value in loaded.repeated)


def without_secured(value: object) -> object:
    """A nested value with null under each `secured` key, as the reference parser returns it."""
    if isinstance(value, dict):
        return {key: None if is_secured(key) else without_secured(item) for key, item in value.items()}
    return [without_secured(item) for item in value] if isinstance(value, list) else value


def has_nested_secured(loaded: ParsedFrontMatter) -> bool:
    """Whether the value of a `secured` key is a mapping or a list."""
    found: list[object] = []
    for key, value in [("", loaded.value), *loaded.repeated]:
        found += [value] if is_secured(key) else []
        withhold_secured(value, found.append)
    return any(isinstance(value, dict | list) for value in found)


def with_secured_removed(loaded: ParsedFrontMatter) -> ParsedFrontMatter:
    """The result of rapidyaml without the values of `secured` keys, which the reference parser never returns."""
    shown = [(key, None if is_secured(key) else without_secured(value)) for key, value in loaded.repeated]
    return ParsedFrontMatter(without_secured(loaded.value), shown)


def compared(text: bytes) -> str:
    """Compare the parsers -> those that accept the text: both, pyyaml, rapidyaml or neither."""
    fast, reference = parse_with_rapidyaml(text), parse_with_reference(text)
    if fast is None:
        return "pyyaml" if reference else "neither"
    if reference is None:
        return "rapidyaml"
    shown = with_secured_removed(fast)
    assert as_words(shown.value) == as_words(reference.value), text
    assert repr(as_words(shown.value)) == repr(as_words(reference.value)), text  # the order of keys too
    left_out = Counter(repeated(shown)) - Counter(repeated(reference))
    assert not Counter(repeated(reference)) - Counter(repeated(shown)), text
    # The reference parser has none from within a `secured` mapping or list, and those of rapidyaml are then not shown.
    assert not left_out or has_nested_secured(fast), text
    assert not reference.shared, text  # rapidyaml returns nothing for anchors
    assert is_as_written(as_words(fast.value), yaml.load(text.decode(), BASE)), text
    return "both"


def yaml_texts(folder: Path) -> list[bytes]:
    texts = []
    for data in files_of(folder).values():
        try:
            front = split_front_matter(data)
        except Reject:
            continue
        if front and front.format == "yaml":
            texts.append(front.text)
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_readers_agree_on_every_file_of_a_shared_corpus(name: str) -> None:
    takers = Counter(compared(text) for text in yaml_texts(shared_corpus(name)))
    assert takers["rapidyaml"] == 0
    assert takers["both"] > 0.97 * takers.total()


def test_readers_agree_on_every_file_of_the_sample() -> None:
    takers = Counter(compared(text) for text in yaml_texts(SAMPLE))
    assert takers["rapidyaml"] == 0
    assert takers["both"] > 0.9 * takers.total()


@pytest.mark.parametrize("part", range(4))
def test_readers_agree_on_damaged_files(part: int) -> None:
    random = Random(SEED + part)
    texts = [text.decode() for text in yaml_texts(SAMPLE) if len(text) < 4_000]
    takers = Counter(compared(mutated(random.choice(texts), random).encode()) for _ in range(MUTANTS // 4))
    # rapidyaml overlooks some slight damage: a quoted key over two lines of a nested block.
    assert takers["rapidyaml"] <= 0.001 * takers.total()
    assert takers["both"] > 0.4 * takers.total()
    assert takers["neither"] > 0.05 * takers.total()


def test_damaged_files_always_have_an_outcome() -> None:
    random = Random(SEED)
    files = [data.decode("utf-8", "replace") for data in files_of(SAMPLE).values() if len(data) < 4_000]
    outcomes = Counter(
        type(parse_file("a.md", mutated(random.choice(files), random).encode())).__name__ for _ in range(MUTANTS // 4)
    )
    assert set(outcomes) == {"Document", "Reject", "Skipped"}


words = st.sampled_from(SYNTAX) | st.sampled_from(["a", "title", "x y", '"q"', "'s'", "a: b", "k:", "[a, b]", "{a: 1}"])
lines = st.tuples(st.sampled_from(["", "", "  ", "    ", "- ", "  - "]), st.lists(words, max_size=4).map("".join))


@given(st.lists(lines.map("".join), max_size=8).map("\n".join))
def test_readers_agree_on_what_looks_like_yaml(text: str) -> None:
    assert compared(f"a: 1\n{text}\n".encode()) in ("both", "rapidyaml", "pyyaml", "neither")


# Lines with a quote that may begin or end a value of several lines, among lines that are one quoted value.
quotes = st.sampled_from(
    [
        'a: "b & c"', "d: 'e | [f'", "- 'g ? h'", '  - "i !j"', '"k": "l & m"', 'n: "o', 'p"', "  q: 'r", "s'",
        "{t: 'u", ' v: "w\', x: &y z, a: "', ' b"}', '[ "c",', '"d &e"', "]", "f: |", '  g: "& h"', "i: *j",
        'k: &l "m"', 'n: "o" &p', 'q: "r: & s"', '"', "'", "' & t: \"u\"",
    ]
)  # fmt: skip


@given(st.lists(quotes, min_size=1, max_size=6).map("\n".join))
def test_readers_agree_on_quotes_over_several_lines(text: str) -> None:
    assert compared(f"{text}\n".encode()) in ("both", "rapidyaml", "pyyaml", "neither")


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=20) | words
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=12)


@given(st.dictionaries(words, values, min_size=1), st.sampled_from([None, True, False]), st.booleans())
def test_readers_agree_on_what_pyyaml_writes(value: dict[str, object], flow: bool | None, is_unicode: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=is_unicode, sort_keys=False)
    taker = compared(text.encode())
    assert taker in ("both", "pyyaml") or parse_with_reference(text.encode()) is None


@pytest.mark.parametrize(
    "front",
    [
        "a: ~", "a: Null", "a: NULL", "a: *x", "a: &x 1", "a: & 1", "a: &\nb: c", 'a: &"b"', "&x a: 1", "a: !t 1",
        "a: !!int 1", "<<: {b: 1}", "a: 5.", "a: .5", "a: -.5", "a: .5\nb: 0.5", "a: 5.\nb: 5.0", "a: .inf",
        "a: -.INF", "a: inf", "a: nan", "a: .NaN", "a: @b", "a: `b", "a: %b", "a: ]", "a: }b", ": b", "}a: b",
        "a:\tb", "a:\n\tb", "a: b\tc", "? a: b", "- ? a", 'a: "\\ud83d\\ude00"', "a: b\u2028c", "a: b\u2029c",
        "a: b\u0085c", "a: b\x07", "a: b\x7f", "a: b\x9f", "\ufeffa: b", "a: >2-\n  ", "...\na: b", "a: b\n...",
        "%YAML 1.1\na: b", "a: b\n%c", "a: {% x %}", "- a", "a", "", "a: " + "[" * 6_000, "a: " + "- " * 200,
        "a:\n" + " " * 500 + "b", "a:   & b", "a:\n  & b: c", "a: {b: c,& d: e}", "a: {b: ?> }", "a: [?b]",
        "a: |2\n   \n", "a:\n  - |2\n     \n     \nb: c", "a:\n  - {b #c: d, e: f}\n  - {g: h}", "a: [b #c,\n  d]",
        "a: {b\n  c: d}", "a: [b,\n  c]", '{"a"\n: b}', " {a: é #, b: c}", " [a #, b]", "a:\n | - b\n   c",
        "a: | b\n  c", "a: >- b\n  c", "| a\n b", "{a: 'b\n c: \"d', e: &f g, h: \"\n i\"}",
    ],
)  # fmt: skip
def test_yaml_that_rapidyaml_may_misread_is_left_to_the_reference_parser(front: str) -> None:
    assert parse_with_rapidyaml(f"{front}\n".encode()) is None


@pytest.mark.parametrize(
    "front",
    [
        "a: b", "a: null", "a:", "a: true", "a: 1.50", "a: 007", "a: 1e3", "a: 0.5", "a: 4.0", "a: AT&T & co",
        "a: Really?! Yes", "a: [b, c]", "a: []", "a: {}", "a: ['b']", 'a: {"b": "c"}', "a: |\n  b\n\n  c",
        "a: >-\n  b\n  c", "a: “b” – c’d", "a: b # c", "# c\na: b", "'a': b", "a: it's 100%", "a: x@y.example",
        "a: https://b.example/?c=d&e=f", 'a: "😀"', "a: 'it''s'", "a: b | c > d", "a: b\n  c", "a: 1\na: 2", "a: b...",
        "a: café\u00a0é", 'a: "b & c"', "a: 'b | [c'", 'a:\n  - "b &c"\n  - d: "!e"', 'a: "b \\" ? c"', "a: 'b '' {c'",
    ],
)  # fmt: skip
def test_ordinary_front_matter_is_never_left_to_the_reference_parser(front: str) -> None:
    assert compared(f"{front}\n".encode()) == "both"


def resident_bytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


def test_reading_again_and_again_takes_no_more_memory() -> None:
    """rapidyaml's own buffer for JSON is never freed: for a million files that was more than a gigabyte."""
    text = b"title: " + b"x" * 20_000 + b"\n"
    for _ in range(200):
        assert parse_with_rapidyaml(text) is not None
    before = resident_bytes()
    for _ in range(2_000):
        parse_with_rapidyaml(text)
    assert resident_bytes() - before < 10 * 2**20
