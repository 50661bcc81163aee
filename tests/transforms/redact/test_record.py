"""Redaction of stored texts: credentials in URLs, and texts that contain a `secured` key."""

import json
import time

import orjson
import pytest

from tests.transforms.front_matter import PATH, fenced, parsed, rejected, tidied
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document
from transforms.redact.credentials import strip_credentials

HOST = "https://ferrynews.example"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("https://ada:lock@ferrynews.example/x?y=1#z", f"{HOST}/x?y=1#z"),
        ("https://ada@ferrynews.example", HOST),
        ("https://:lock@ferrynews.example", HOST),
        ("https://ada:l@ck@ferrynews.example", HOST),
        ("https://ada:two words@ferrynews.example", HOST),
        (r"https://ada:l\ck@ferrynews.example", HOST),
        ("https://ada:l%40ck@ferrynews.example", HOST),
        (" HTTPS://ada:lock@ferrynews.example ", " HTTPS://ferrynews.example "),
        ("//ada:lock@ferrynews.example/x", "//ferrynews.example/x"),
        ("postgresql+psycopg://ada:lock@db.example/x", "postgresql+psycopg://db.example/x"),
        (f"{HOST}/?to=https://ada:lock@b.example/", f"{HOST}/?to=https://b.example/"),
        (
            "see https://ada:lock@b.example, then (ftp://ada:lock@c.example)",
            "see https://b.example, then (ftp://c.example)",
        ),
        ('["https://ada:lock@b.example"]', '["https://b.example"]'),
    ],
)
def test_a_url_loses_its_user_and_password_and_nothing_else(written: str, stored: str) -> None:
    assert strip_credentials(written) == stored


@pytest.mark.parametrize(
    "text",
    [
        f"{HOST}/@ada",
        f"{HOST}?mail=ada@b.example",
        f"{HOST}#@ada",
        f"{HOST}/?token=abc",
        "mailto:ada@b.example",
        "ada@b.example",
        "https://b.example is by @ada",
        "javascript:alert('@')",
        "data:text/html,@",
        "",
    ],
)
def test_a_text_without_credentials_stays_as_written(text: str) -> None:
    assert strip_credentials(text) == text


def test_credentials_are_in_no_column_no_issue_and_no_key() -> None:
    secret = "https://ada:lock@b.example/"
    front = {"webUrl": secret, "quality": [secret], secret: {secret: [secret]}, "images": {"url": secret, "x": secret}}
    line = parsed(json.dumps(front).encode()).line
    assert b"lock" not in line
    fields = [issue["field"] for issue in orjson.loads(line)["issues"]]
    assert fields == ["quality", "webUrl", "images[0].url", "https://b.example/.https://b.example/[0]", "images[0].x"]


def test_a_key_that_is_front_matter_itself_is_not_shown() -> None:
    key = json.dumps('{"secured": "PRIVATE"}')
    line = parsed(f'{{"title": "x", {key}: 1, {key}: 2}}'.encode()).line
    assert b"PRIVATE" not in line
    assert orjson.loads(line)["issues"][0]["field"] == "?"


def test_credentials_that_only_show_once_a_text_is_decoded_are_in_no_column() -> None:
    name, title = "https%3A%2F%2Fada%3Alock%40b.example", "At https:&#47;&#47;ada:lock&#64;b.example/x"
    frames = tidied(f"title: '{title}'\nprovider: {{name: '{name}', domain: b.example}}")
    assert frames["documents"]["title"].to_list() == ["At https://b.example/x"]
    assert frames["documents"]["provider_name"].to_list() == ["https://b.example"]
    assert "lock" not in str([frame.rows() for frame in frames.values()])


def test_a_message_shows_no_credentials() -> None:
    reject = rejected(fenced("title: !<https://ada:lock@b.example> x"))
    assert "lock" not in reject.message
    assert "https://b.example" in reject.message


@pytest.mark.parametrize(
    "text",
    [
        "Secured: a harbour for winter",
        "The harbour is secured: by night",
        "'Secured' is the word",
        "The ferry\nsecured its place",
        "unsecured: x\ny",
    ],
)
def test_a_sentence_about_something_secured_is_kept(text: str) -> None:
    record = orjson.loads(parsed(json.dumps({"title": text}).encode()).line)
    assert (record["title"], record["issues"]) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        '{"secured": "PRIVATE"}',
        "{'Secured' : 'PRIVATE'}",
        r'"{\"secured\": \"PRIVATE\"}"',
        "{secured: PRIVATE}",
        "title: x\nsecured: PRIVATE",
        "secured: PRIVATE\ntitle: x",
        "- secured: |\n    PRIVATE",
        "secured = 'PRIVATE'\n[x]",
    ],
)
def test_a_text_that_is_front_matter_with_a_secured_key_is_left_out_with_an_issue(text: str) -> None:
    record = orjson.loads(parsed(json.dumps({"title": "x", "excerpt": text, "notes": [text]}).encode()).line)
    assert "PRIVATE" not in str(record)
    assert record["title"] == "x"
    problem = "contains a `secured` key, whose value is never stored"
    assert record["issues"] == [
        {"field": field, "value": None, "problem": problem} for field in ("excerpt", "notes[0]")
    ]


@pytest.mark.parametrize(
    "part", ["@", "//", "a", '"', " ", "://@", "//a:@ ", "secured", "secured:", '"secured"', "\n-"]
)
def test_a_text_made_to_take_long_does_not(part: str) -> None:
    # As long as front matter may be, with every quote and line end written as two characters.
    long = part * (450_000 // len(part))
    text = json.dumps({"title": f"//a:{long} x@ x", "notes": 'https://u:p@"secured'})
    start = time.process_time()
    assert isinstance(parse_file(PATH, text.encode()), Document)
    assert time.process_time() - start < 2
