"""Titles, topics, file names and folders made to be taken for something else: SQL, markup, paths, terminal codes."""

import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from frontmart.snapshots.store import published
from frontmart.terminal.progress import Console
from frontmart.terminal.text import printable
from tests.forked import frontmart
from tests.sample import build_quietly, mart_names
from transforms.tables import stored_columns
from transforms.vocabulary import Preset

TEXTS = (
    "'; drop table tidy.documents; --",
    '" or 1=1 --',
    "$(touch forged) `touch forged`",
    "%s %(x)s {} {0} {{x}} ${x}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1)) ![x](http://b.example/x.png)",
    "| a | b |",
    '=HYPERLINK("http://b.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "[bold red]x[/bold red] [link=http://b.example]x[/link]",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://b.example\x07x\x1b]8;;\x07",
    "\x9b31m\x85",
    "a\nfrontmart: published elsewhere",
    "a\r\x1b[2Kover",
    "\u202egnp.exe \u2066x\u2069",
    "zero\u200bwidth \ufeffmark",
    "line\u2028paragraph\u2029",
    "../../../etc/passwd",
    "a\tb\\c",
    "😀 é ",
)
# What a name on disk can be, and YAML in double quotes gives back.
NAMES = tuple(text.replace("/", "\u2215") for text in TEXTS)
# Characters on which a terminal acts, or which it shows in another place.
CODES = {chr(code) for code in (*range(32), *range(127, 160))} | set("\u202e\u2066\u2069\u200b\ufeff\u2028\u2029")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of files with such names and texts, below and into folders with such names."""
    folder = tmp_path_factory.mktemp("hostile") / 'it\'s "x"; drop table y -- $(z) %s {} <b>|`\x07\n\u202e'
    source, out = folder / "source", folder / "out"
    source.mkdir(parents=True)
    for name, text in zip(NAMES, TEXTS, strict=True):
        front = {"title": text, "topics": [text], "provider": {"name": text, "domain": text}, "images": [{"url": text}]}
        front |= {"webUrl": text, text: text, "quality": text, "related": [{"title": text, "webUrl": text}]}
        (source / f"{name}.md").write_text(json.dumps(front))
        (source / f"{name}.html").write_text(f"---\ntitle: {json.dumps(text)}\nname: a: b\n---\n")
    build_quietly(source, out)
    return out


def said_of(out: Path, *arguments: str) -> str:
    done = frontmart(*arguments, "--out", out, cwd=out)
    return done.stdout + done.stderr


def test_texts_come_back_from_every_table_as_they_were_written(out: Path) -> None:
    snapshot = published(out)
    with duckdb.connect(snapshot.warehouse, read_only=True) as connection:
        stored = {
            column: {row[0] for row in connection.execute(f"select {column} from tidy.{table}").fetchall()}
            for table, column in (
                ("documents", "title"), ("documents", "web_url"), ("document_topics", "topic"),
                ("document_images", "url"), ("field_issues", "value"),
            )
        }  # fmt: skip
        paths = {row[0] for row in connection.execute("select path from tidy.files").fetchall()}
    assert paths == {f"{name}.{kind}" for name in NAMES for kind in ("md", "html")}
    for column, texts in stored.items():
        assert texts == set(TEXTS), column
    assert set(pl.read_parquet(snapshot.tables / "documents.parquet")["title"]) == set(TEXTS)
    assert set(pl.read_parquet(snapshot.tables / "rejects.parquet")["path"]) == {f"{name}.html" for name in NAMES}


def test_marts_have_a_row_for_each_topic_and_provider_as_named(out: Path) -> None:
    with duckdb.connect(published(out).warehouse, read_only=True) as connection:
        topics = connection.execute("select topic from marts.coverage_by_topic").fetchall()
        providers = connection.execute("select count(*) from marts.provider_report").fetchone()
    assert {topic for (topic,) in topics} == set(TEXTS)
    assert providers == (len(TEXTS),)


def test_nothing_was_made_elsewhere(out: Path) -> None:
    assert {path.name for path in out.parent.iterdir()} == {"source", "out"}
    assert {path.name for path in out.iterdir()} == {
        ".lock",
        "last_success.json",
        "published",
        "runs.jsonl",
        "snapshots",
    }
    names = {path.name for path in published(out).folder.rglob("*.parquet")}
    assert len(names) == len(stored_columns(Preset.SMARTABLE)) + len(mart_names())
    assert all(name.removesuffix(".parquet").replace("_", "").isalpha() for name in names)


def test_the_data_package_and_the_run_are_json_that_says_nothing_of_texts(out: Path) -> None:
    folder = published(out).folder
    for name in ("datapackage.json", "manifest.json"):
        assert json.loads((folder / name).read_text())
        assert "alert" not in (folder / name).read_text()
    assert json.loads((folder / "run.json").read_text())["out"] == str(out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rejects",),
        ("status",),
        ("query", "select path, title, topic from tidy.documents join tidy.document_topics using (document_id)"),
        ("query", "pivot tidy.documents on title using count(*)"),
        ("query", "select list(title) as a, {'a': min(title)} as b from tidy.documents"),
        ("query", "select 'x' as \"[bold]a\x1b[31m\nb\""),
        ("query", "select error('a\x1b[31m' || chr(10) || title) from tidy.documents"),
        ("query", 'select "\x1b[31m\u202e" from tidy.documents'),
    ],
    ids=lambda arguments: arguments[-1][:30].encode("ascii", "backslashreplace").decode(),
)
def test_output_has_no_control_codes_and_no_injected_lines(out: Path, arguments: tuple[str, ...]) -> None:
    said = said_of(out, *arguments)
    assert said
    assert not CODES.intersection(said) - {"\n"}
    assert not any(line.startswith("frontmart: published") for line in said.splitlines())


def test_brackets_are_shown_and_are_not_markup(out: Path) -> None:
    said = said_of(out, "query", 'select title, 1 as "[bold]n[/bold]" from tidy.documents')
    assert "[bold red]x[/bold red] [link=http://b.example]x[/link]" in said
    assert "[bold]n[/bold]" in said


def test_json_output_is_one_line_of_plain_characters(out: Path) -> None:
    for arguments in (("rejects", "--json"), ("query", "from tidy.documents", "--json"), ("snapshots", "--json")):
        said = said_of(out, *arguments)
        assert said.isascii()
        assert len(said.splitlines()) == 1
        assert json.loads(said)


def test_a_second_build_of_such_folders_finds_nothing_to_do(out: Path) -> None:
    assert build_quietly(out.parent / "source", out).outcome in ("unchanged", "published")
    assert build_quietly(out.parent / "source", out, full=True).files["seen"] == 2 * len(TEXTS)


def test_an_error_about_a_folder_is_one_line_without_codes(tmp_path: Path) -> None:
    name = "no\x1b[31msuch\nfrontmart: published\u202e"
    done = frontmart("build", tmp_path / name, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not CODES.intersection(done.stderr) - {"\n"}


@pytest.mark.parametrize("text", TEXTS)
def test_plain_text_is_one_line_that_a_terminal_only_shows(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown) == len(text)


def test_progress_shows_only_steps_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with Console().progress("extract", 10) as advance:
        advance(10)
    assert capsys.readouterr().err == "extract: 10 of 10 files\n"
