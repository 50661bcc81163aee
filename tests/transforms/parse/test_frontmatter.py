"""Bytes to an outcome: front matter or not, rejects and their places, and that nothing secret is returned."""
# ruff: noqa: RUF001  (letters that only look alike, or are the same in another width, are what some tests are about)

import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.front_matter import PATH, fenced, parsed, rejected, tables_of
from transforms.parse.frontmatter import document_id, parse_file
from transforms.parse.outcomes import Document, Reason, Reject, Skipped, Unchanged
from transforms.parse.split import split_front_matter
from transforms.redact.messages import strip_quotes


def test_document_id_is_a_hash_of_the_path_alone() -> None:
    record = orjson.loads(parsed(fenced("title: x"), "_news/a.md").line)
    assert record["document_id"] == document_id("_news/a.md") == "7174178ce6b42ec6"
    assert len({document_id(path) for path in ("a.md", "A.md", "a/a.md", "a.md ", "ä.md")}) == 5


def test_place_of_a_format_counts_from_the_top_of_the_file() -> None:
    for data, format_, line in [
        (b"---\na: 1\n---\nb", "yaml", 2),
        (b"\n\n---\na: 1\n---\nb", "yaml", 4),
        (b"+++\na = 1\n+++\nb", "toml", 2),
        (b'\n{"a": 1}', "json", 2),
    ]:
        front = split_front_matter(data)
        assert front is not None
        assert (front.format, front.line) == (format_, line)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"text", b"---", b"---\n", b"--\na: 1\n--\n", b"---text\na: 1\n---\n", b"# Title\n---\na: 1\n---\n",
        b"{%x%}", b"[1]", b"\xef\xbb\xbf", b"-\n-\n", b"---\n\n* * *\n",
    ],
)  # fmt: skip
def test_text_that_only_looks_like_front_matter_is_skipped(data: bytes) -> None:
    assert parse_file(PATH, data) == Skipped()


def test_an_empty_json_object_is_a_document_without_keys() -> None:
    assert orjson.loads(parsed(b"{ }\nText").line)["body_words"] == 1


def test_a_long_line_after_a_rule_is_quickly_recognised_as_not_a_key() -> None:
    start = time.process_time()
    assert parse_file(PATH, b"---\na" + b" " * 200_000) == Skipped()
    assert time.process_time() - start < 1


def test_a_fence_inside_a_text_closes_the_front_matter_as_python_frontmatter_has_it() -> None:
    front = split_front_matter(b"---\na: |\n  x\n---\nmore\n---\n")
    assert front is not None
    assert (front.text, front.body) == (b"a: |\n  x\n", b"\nmore\n---\n")


@pytest.mark.parametrize(
    ("data", "reason", "line", "column"),
    [
        (b"---\ntitle: x\nname: a: b\n---\n", Reason.INVALID_YAML, 3, 8),
        (b"\r\n\r\n---\r\nname: a: b\r\n---\r\n", Reason.INVALID_YAML, 4, 8),
        (b"+++\na = 1\na = 2\n+++\n", Reason.INVALID_TOML, 3, 6),
        (b'+++\na = "x\n', Reason.UNCLOSED_FENCE, 1, 1),
        (b'\n{"a": 1,}\n', Reason.INVALID_JSON, 2, 9),
        (b"---\n- a\n---\n", Reason.NOT_A_MAPPING, 2, 1),
        ("---\ntitle: Größe \x00\n---\n".encode(), Reason.INVALID_YAML, 2, 14),
    ],
)
def test_a_reject_names_its_place_in_the_file(data: bytes, reason: Reason, line: int, column: int) -> None:
    reject = rejected(data)
    assert (reject.reason, reject.line, reject.column) == (reason, line, column)
    assert ": " in reject.message


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        ("did not find expected ',' or ']'", "did not find expected ',' or ']'"),
        (r"Illegal character '\n'", r"Illegal character '\n'"),
        ("found undefined alias 'private'", "found undefined alias ..."),
        ("Cannot declare ('secured', 'a b') twice", "Cannot declare (..., ...) twice"),
        (r"""Duplicate inline table key "it's \"so\"" here""", "Duplicate inline table key ... here"),
        ("can't do 'this', can it", "can't do ..., can it"),
    ],
)
def test_a_message_quotes_no_more_than_a_character_of_a_file(problem: str, shown: str) -> None:
    assert strip_quotes(problem) == shown


@pytest.mark.parametrize("opening", [b"[", b'{"a":'], ids=["lists", "mappings"])
@pytest.mark.parametrize("depth", [90, 120, 300, 900, 990, 5_000, 100_000])
def test_depth_never_breaks_a_parser(opening: bytes, depth: int) -> None:
    nested = opening * depth + (b"1" + b"}" * depth if opening != b"[" else b"]" * depth)
    for data in (
        b'{"title": ' + nested + b"}",
        b"---\ntitle: " + nested + b"\n---\n",
        b"+++\ntitle = " + nested + b"\n+++\n",
    ):
        outcome = parse_file(PATH, data)
        if depth > 100:
            assert isinstance(outcome, Reject)
            assert outcome.reason in (Reason.TOO_DEEP, Reason.INVALID_TOML)
        elif isinstance(outcome, Document):
            assert tables_of([outcome])["field_issues"]["field"].to_list() == ["title"]


def test_half_a_character_of_json_becomes_the_sign_for_none() -> None:
    document = parsed(b'{"title": "\\ud83d", "topics": ["\\udc00"], "excerpt": {"\\ud83d": "\\ud83d"}}')
    record = orjson.loads(document.line)
    assert (record["title"], record["topics"]) == ("\ufffd", ["\ufffd"])
    assert record["issues"][0]["value"] == '{"\ufffd":"\ufffd"}'


@pytest.mark.parametrize(
    "front",
    [
        "secured: PRIVATE",
        "SECURED: PRIVATE",
        '" secured": PRIVATE',
        "secured: [PRIVATE, {a: PRIVATE}]",
        "a: {b: [{secured: PRIVATE}]}",
        "title: {secured: PRIVATE}",
        "topics: [[{secured: PRIVATE}]]",
        "secured: PRIVATE\nsecured: PRIVATE",
        "a: {b: 1, b: 2, secured: {k: PRIVATE, k: PRIVATE, PRIVATE: 1, PRIVATE: 2}}",
        "a: &x {secured: PRIVATE}\nb: *x\nprovider:\n  <<: *x",
        "secured: !!int PRIVATE",
        "secured: *PRIVATE",
        "secured: PRIVATE: PRIVATE",
        "secured: 'PRIVATE",
        # A repeated key inside a repeated `secured`, or in a repeated mapping.
        "secured: {k: PRIVATE, k: x}\nsecured: x",
        "a: {secured: {k: PRIVATE, k: x}}\na: 1",
        # Values shared with it by an alias, in either direction.
        "secured: &a PRIVATE\nexcerpt: *a",
        "excerpt: &a PRIVATE\nsecured: *a",
        "secured: {x: [&a PRIVATE]}\ntopics: [*a, b]",
        "secured: &a {name: PRIVATE}\nprovider:\n  <<: *a",
        "secured: &a {name: PRIVATE}\nprovider:\n  <<: [*a, {domain: x}]",
        "secured: {&a PRIVATE: x}\ntitle: *a",
        "secured: {&a PRIVATE: x}\n*a : title",
        "a: &x [PRIVATE]\nsecured: &y {z: *x}\nb: *y\nc: {d: *x}",
        "a: {secured: &a PRIVATE}\nextra: {deep: [{<<: {title: *a}}]}",
        "a: !!omap [{secured: PRIVATE}]",
        "a: !!pairs [{secured: PRIVATE}]",
        "secured: !PRIVATE x",
        "secured: !<PRIVATE> x\ntitle: !other y",
        'a: \'{"secured": "PRIVATE"}\'',
        "quality: ['secured: PRIVATE\n\n  x']",
    ],
)
def test_secured_is_never_stored_nor_shown(front: str) -> None:
    outcome = parse_file(PATH, fenced(front))
    assert "PRIVATE" not in f"{outcome!r}{outcome}"


SPELLINGS = (
    "secured", "Secured", " SECURED ", "\ufeffsecured", "sec\u200bured", "sec\u00adured", "ｓｅｃｕｒｅｄ", "ſecured",
    "𝓼𝓮𝓬𝓾𝓻𝓮𝓭", "'secured'", "sec-ured", "_secured", "secured:", "\u202esecured\u202c", "secured\ufe0f", "se\u3164cured",
)  # fmt: skip


@pytest.mark.parametrize("key", SPELLINGS)
def test_has_secured_is_true_for_any_spelling(key: str) -> None:
    record = orjson.loads(parsed(orjson.dumps({key: "PRIVATE", f"un{key}": "kept"})).line)
    assert record["has_secured"]
    assert list(orjson.loads(record["extra"]).values()) == ["kept"]


@pytest.mark.parametrize("key", ["secure", "secured by", "is_secured", "secured2", "secured.blob", "sécured"])
def test_a_key_of_other_letters_is_not_a_spelling_of_secured(key: str) -> None:
    record = orjson.loads(parsed(orjson.dumps({key: "kept"})).line)
    assert (record["has_secured"], orjson.loads(record["extra"])) == (False, {key: "kept"})


@pytest.mark.parametrize(
    "front",
    [
        "secured: {}",
        "Secured: {}",
        "secured: a&{}",
        "provider: {{secured: {}}}",
        "excerpt: &a {}\nsecured: *a",
        "webUrl: https://ada:{}@ferrynews.example/",
        "quality: ['https://ada:{}@ferrynews.example/']",
        "x: {{'https://ada:{}@ferrynews.example/': 1}}",
        'notes: \'{{"secured": "{}"}}\'',
    ],
)
def test_a_hash_does_not_depend_on_values_that_are_not_stored(front: str) -> None:
    """A secret may be short, and anyone who knows the rest of the file could try guesses against the hash."""
    one, other = (parsed(fenced(front.format(secret), "Text")) for secret in ("1234", "5678"))
    assert one == other
    assert parse_file(PATH, fenced(front.format("9999"), "Text"), one.content_hash) == Unchanged(one.content_hash)
    assert one.content_hash != parsed(fenced("title: x", "Text")).content_hash


def test_a_line_that_only_looks_like_secured_is_part_of_the_hash() -> None:
    one, other = (parsed(fenced(f'title: "a\nsecured: {word}\nb"')) for word in ("one", "two"))
    assert orjson.loads(one.line)["title"] != orjson.loads(other.line)["title"]
    assert one.content_hash != other.content_hash


def test_a_field_that_an_alias_shares_with_secured_says_why_it_is_empty() -> None:
    record = orjson.loads(parsed(fenced("secured: &a PRIVATE\nprovider: {name: *a, domain: x}")).line)
    problem = "shared by an alias with a `secured` key, whose value is never stored"
    assert record["issues"] == [{"field": "provider.name", "value": None, "problem": problem}]
    assert record["provider"] == {"domain": "x"}


def test_the_body_is_counted_in_characters_and_words() -> None:
    record = orjson.loads(parsed(fenced("title: x", "\nDie Größe zählt.\n\n")).line)
    assert (record["body_chars"], record["body_words"]) == (16, 3)


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda data: b"---\n" + data + b"\n---\n"))
def test_any_bytes_have_an_outcome(data: bytes) -> None:
    assert isinstance(parse_file(PATH, data), Document | Reject | Skipped)


@pytest.mark.parametrize("data", [b"---\ntitle: a: b\n---\n", b"---\ntitle: x\n", b"---\n- a\n---\n", b"\xff\xfe\x00"])
def test_a_reject_has_no_traceback(data: bytes) -> None:
    """A traceback refers to frames, one of which refers to all files of a shard: memory grew with every shard."""
    outcome = parse_file("a.md", data)
    assert isinstance(outcome, Reject)
    assert outcome.__traceback__ is None
    assert outcome.__context__ is None
    assert outcome.__cause__ is None
