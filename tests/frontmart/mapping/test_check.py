"""Entries of a mapping file that have no effect on any file are errors, over all files and in incremental builds."""

import os
from pathlib import Path

import polars as pl
import pytest

from frontmart.cli.show import show_build
from frontmart.errors import UsageError
from frontmart.extract import changes
from frontmart.key_counts import KeyCount, likely_fields
from frontmart.mapping.check import ColumnValues, find_idle_entries, find_unreadable_columns, raise_first
from frontmart.mapping.read import MappingFile
from frontmart.run import Run
from frontmart.snapshots.store import published
from frontmart.verify import verify
from frontmart.warehouse.added_columns import added_models
from frontmart.warehouse.read_only import open_read_only
from tests.sample import build_quietly
from transforms.generic.rules import DEFAULT_RULES

MAPPING = MappingFile(
    Path("frontmart.toml"),
    DEFAULT_RULES,
    keys=(("[fields] topics", "tags"), ("[fields] topics", "taxonomies.*"), ("[columns] team", "extra.team")),
    globs=(("[articles] include", "posts/**"), ("[articles] exclude", "**/old/*")),
)
KEYS = {"Tags", "taxonomies.labels", "extra.team", "extra.other"}
PATHS = ["posts/a.md", "posts/old/b.md"]


def test_keys_and_globs_that_some_file_has_pass() -> None:
    assert find_idle_entries(MAPPING, KEYS, PATHS) == []
    assert find_idle_entries(MAPPING, set(), []) == []  # a source without documents is the concern of another check
    assert len(find_idle_entries(MAPPING, set(), PATHS)) == 3
    raise_first(MAPPING, [])


@pytest.mark.parametrize(
    ("keys", "paths", "message"),
    [
        (
            KEYS - {"Tags"} | {"tag"},
            PATHS,
            "[fields] topics: no file has the key tags; did you mean tag? Else correct or remove it",
        ),
        (
            KEYS - {"taxonomies.labels"},
            PATHS,
            "[fields] topics: no file has the key taxonomies.*; correct or remove it",
        ),
        (
            KEYS - {"extra.team", "Tags"},
            PATHS,
            "[fields] topics: no file has the key tags; correct or remove it (and 1 more)",
        ),
        (KEYS, PATHS[:1], "[articles] exclude: the glob **/old/* matches no document; correct or remove it"),
    ],
)
def test_an_entry_without_effect_is_an_error(keys: set[str], paths: list[str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        raise_first(MAPPING, find_idle_entries(MAPPING, keys, paths))
    assert str(raised.value) == f"frontmart.toml: {message}"


def test_a_column_needs_eighty_percent_of_its_values() -> None:
    columns = [
        ColumnValues("minutes", "integer", 10, 8, "x", "a.md"),
        ColumnValues("team", "integer", 1_010, 807, "x" * 50, "a.md"),
    ]
    assert find_unreadable_columns(columns) == [
        f"[columns] team: only 807 of 1,010 values are readable as integer: not '{'x' * 37}...' in a.md; give it "
        "another type, such as text, or correct the files"
    ]


def write(source: Path, name: str, text: str) -> None:
    file = source / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{text}\n---\nText.\n", encoding="utf-8")
    os.utime(file, (1_700_000_000, 1_700_000_000))


COLUMNS = """
[fields]
provider = "author"
[columns]
minutes = "integer"
reviewed = {key = "extra.reviewed", type = "date", description = "Day of the review."}
is_free = "flag"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A build of five documents with three added columns, in which one value is unreadable."""
    folder = tmp_path_factory.mktemp("columns")
    source = folder / "site"
    unused = "publisher: P\nseen: [a]\nlayout: post"
    for number in range(4):
        extra = f"extra: {{reviewed: 2024-03-0{number + 1}T23:30:00-05:00}}"
        write(
            source,
            f"posts/{number}.md",
            f"title: T\ndate: 2024-01-02\nauthor: Ann\nminutes: {number}.0\n{extra}\n{unused}",
        )
    write(
        source, "posts/4.md", "title: T\ndate: 2024-01-02\nminutes: some\nis_free: 'yes'\nauthor: https://a.example/b"
    )
    (folder / "frontmart.toml").write_text(COLUMNS, encoding="utf-8")
    return build_quietly(source, folder / "out")


def test_added_columns_are_a_mart_with_types(built: Run) -> None:
    snapshot = published(built.out)
    frame = pl.read_parquet(snapshot.marts / "article_columns.parquet").sort("path")
    assert frame.schema["reviewed"] == pl.Date
    assert frame.drop("document_id").rows() == [
        ("posts/0.md", 0, _day(1), None),
        ("posts/1.md", 1, _day(2), None),
        ("posts/2.md", 2, _day(3), None),
        ("posts/3.md", 3, _day(4), None),
        ("posts/4.md", None, None, True),
    ]
    issues = pl.read_parquet(snapshot.tables / "field_issues.parquet").select("path", "field", "value", "problem")
    assert issues.rows() == [("posts/4.md", "minutes", "some", "not an integer")]
    providers = pl.read_parquet(snapshot.tables / "documents.parquet")["provider_id"].value_counts()
    assert dict(providers.rows()) == {"~/ann": 4, "a.example/~": 1}
    assert [finding.problem for finding in verify(built.out).findings] == []


def test_the_mart_is_made_again_from_what_the_warehouse_has(built: Run) -> None:
    with open_read_only(published(built.out).warehouse) as con:
        (model,) = added_models(con)
        rows = con.execute(f"select * from ({model.sql}) except select * from marts.article_columns").fetchall()
    assert rows == []
    assert dict(model.columns) == {
        "document_id": "The document.",
        "path": "Path relative to the source folder, with `/`.",
        "minutes": "From `minutes`; NULL if absent or unreadable.",
        "reviewed": "Day of the review. From `extra.reviewed`; NULL if absent or unreadable.",
        "is_free": "From `is_free`; NULL if absent or unreadable.",
    }


def test_a_build_names_the_unused_keys_that_look_like_a_field(built: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert built.as_json()["unused_keys"] == [
        {"key": "publisher", "kind": "text", "documents": 4},
        {"key": "seen", "kind": "list", "documents": 4},
    ]
    show_build(built)
    line = f"unused keys: publisher (4 documents), seen (4 documents); see `frontmart inspect {built.source}`"
    assert line in capsys.readouterr().out.splitlines()


def test_only_frequent_keys_with_the_words_or_the_kinds_of_fields_are_named() -> None:
    keys = [
        KeyCount("articleTags", "text", 5),
        KeyCount("articleTags", "null", 300),
        KeyCount("cover_date", "date", 20),
        KeyCount("extra.reviewers", "list", 90),
        KeyCount("stages", "text", 900),
        KeyCount("rarely_published", "text", 4),
        KeyCount("heroImage", "text", 30),
        KeyCount("heroImage", "list", 10),
        KeyCount("creators", "list", 800),
        KeyCount("sources", "mapping", 800),
    ]
    assert likely_fields(keys, {"Creators"}, 400) == [
        KeyCount("extra.reviewers", "list", 90),
        KeyCount("heroImage", "text", 40),
        KeyCount("cover_date", "date", 20),
    ]


def _day(day: int) -> object:
    return pl.Series([f"2024-03-0{day}"]).str.to_date().item()


def test_an_incremental_build_decides_over_all_files(built: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_CLOCK_TICK", changes._CLOCK_TICK * 0)
    for number in (2, 3):
        write(built.source, f"posts/{number}.md", "title: T\ndate: 2024-01-02\nminutes: few\nextra: {reviewed: soon}")
    with pytest.raises(UsageError) as raised:
        build_quietly(built.source, built.out)
    mapping = built.source.parent / "frontmart.toml"
    assert str(raised.value) == (
        f"{mapping}: [columns] minutes: only 2 of 5 values are readable as integer: not 'few' in posts/2.md; "
        "give it another type, such as text, or correct the files (and 1 more)"
    )
    assert published(built.out).id == built.snapshot_id
