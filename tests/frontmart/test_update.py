"""A build of few changes changes a copy of the last warehouse: the result is that of a full build, to the last row."""

import datetime as dt
import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import duckdb
import pytest

from frontmart import steps
from frontmart.catalog.features import Feature
from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.errors import ModelError
from frontmart.extract import changes
from frontmart.incremental import BaseSnapshot
from frontmart.run import Run
from frontmart.snapshots.clone import clone_file, share_file
from frontmart.snapshots.store import Snapshot, published
from frontmart.steps import copy_base
from frontmart.verify import verify
from frontmart.warehouse import base_copy
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.statements import quote_identifier, quote_table
from tests.reliability.workspace import IS_LONG
from tests.sample import AS_OF, DEPEND_ON_THE_PAST, build_quietly

OLD = 1_700_000_000
SMARTABLE = """---
title: "{title}"
excerpt: {words}
type: {type}
publishedDateTime: {date}T10:00:00Z
webUrl: https://example.com/{number}
heat: {heat}
quality: {quality}
published: {flag}
topics: [{topics}]
provider:
  name: {provider}
  domain: {provider}.example.com
images:
  - url: https://img.example.com/{heat}.png
    width: {quality}
    height: 100
related:
  - title: Related {number}
    webUrl: https://example.com/{linked}
    publishedDateTime: {date}T09:00:00Z
---
{words}
"""
GENERIC = """---
title: {title}
date: {date}
tags: [{topics}]
author: {provider}
image: /img/{heat}.png
draft: {flag}
team: {type}
score: {quality}
weight: {heat}
---
{words}
"""
MAPPING = '[columns]\nteam = "text"\nscore = "number"\n'
ALIASES = '[topics]\nmoney = "world"\n'
MOST_BLOCKS = base_copy._MOST_BLOCKS
WORDS = ("storm", "floods", "election", "vote", "market", "falls", "rises", "launch", "rocket", "moon", "team", "wins")
# Inputs that a build knows from the runs before it, and what is made of them.
PAST = {
    "tidy.runs", "tidy.comparison", "tidy.previous_key_profile", "tidy.previous_volume_profile",
    "tidy.changed_documents", "marts.run_history", "marts.drift", "drift.key_drift", "drift.volume_drift",
    "drift.key_expectations",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _updates_small_corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_copy, "_FEWEST_FILES", 0)
    monkeypatch.setattr(base_copy, "_MOST_CHANGED", 1)
    monkeypatch.setattr(base_copy, "_MAY_COME_OR_GO", True)
    monkeypatch.setattr(base_copy, "_MOST_BLOCKS", 100)
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))


class Corpus:
    """Files of one preset, and what their authors do to them."""

    def __init__(self, folder: Path, template: str, files: int, seed: int) -> None:
        self.folder, self.template, self.random, self.clock = folder, template, Random(seed), OLD
        self.removed: list[tuple[Path, bytes]] = []
        self.values: dict[Path, dict[str, object]] = {}
        folder.mkdir()
        for number in range(files):
            self.add(number)

    def write(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        self.clock += 1
        os.utime(path, (self.clock, self.clock))

    def render(self, path: Path) -> bytes:
        return self.template.format_map(self.values[path]).encode()

    def new_values(self, number: int) -> dict[str, object]:
        pick = self.random.choice
        return {
            "number": number,
            "title": " ".join(pick(WORDS) for _ in range(4)),
            "words": " ".join(pick(WORDS) for _ in range(12)),
            "type": pick(["article", "video", "Opinion"]),
            "date": f"2026-01-{self.random.randint(1, 28):02d}",
            "heat": self.random.randint(-1, 200),
            "quality": self.random.randint(0, 90),
            "flag": pick(["true", "false"]),
            "topics": ", ".join(self.random.sample(["Sport", "C#", "World", "Money"], self.random.randint(0, 3))),
            "provider": pick(["alpha", "beta", "gamma"]),
            "linked": self.random.randint(0, 30),
        }

    def add(self, number: int) -> None:
        path = self.folder / f"news-{number}.md"
        self.values[path] = self.new_values(number)
        self.write(path, self.render(path))

    def change(self, kind: str, number: int) -> None:
        """Change a file: `kind` is a field of the template, or something that happens to files."""
        path = self.random.choice(sorted(self.values))
        if kind in FIELDS:
            self.values[path][kind] = self.new_values(number)[kind]
            self.write(path, self.render(path))
        elif kind == "add":
            self.add(number)
        elif kind == "delete":
            self.removed.append((path, path.read_bytes()))
            path.unlink()
            del self.values[path]
        elif kind == "rename":
            renamed = path.with_name(f"renamed-{number}.md")
            path.rename(renamed)
            self.values[renamed] = self.values.pop(path)
        elif kind == "break":
            self.write(path, self.render(path).replace(b"title:", b"title: a: b:", 1))
        elif kind == "restore":
            self.restore()
        else:
            self.write(path, path.read_bytes())

    def restore(self) -> None:
        """Put back the files that were deleted, and mend those that were broken."""
        for removed, content in self.removed:
            self.write(removed, content)
        self.removed = []
        for path in sorted(self.values):
            if b"a: b:" in path.read_bytes():
                self.write(path, self.render(path))


FIELDS = ("title", "words", "type", "date", "heat", "quality", "flag", "topics", "provider", "linked")
FILES = ("add", "delete", "restore", "rename", "break", "touch")


def rows_of(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    """The rows in the order in which they are stored, as text: NaN equals NaN, and -0.0 differs from 0.0."""
    names = ", ".join(f"{quote_identifier(column)}::varchar" for column in columns)
    return con.execute(f"select {names} from {quote_table(table)}").fetchall()


def depends_on_the_past(table: str) -> bool:
    """Whether a table is of the history, which a build has only after another; see tests/frontmart/history."""
    schema, name = table.split(".")
    return schema == "history" or name in (HISTORY_INPUTS if schema == "tidy" else DEPEND_ON_THE_PAST)


def tables_of(out: Path) -> dict[str, object]:
    with duckdb.connect(published(out).warehouse, read_only=True) as con:
        columns: dict[str, list[str]] = {}
        query = (
            "select schema_name || '.' || table_name, column_name from duckdb_columns() "
            "where not internal and table_name in (select table_name from duckdb_tables()) order by 1, column_index"
        )
        for table, column in con.execute(query).fetchall():
            columns.setdefault(table, []).append(column)
        names = {
            name for (name,) in con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        }
        comments = con.execute("select table_name, column_name, comment from duckdb_columns() order by all").fetchall()
        past = PAST | {name for name in names if depends_on_the_past(name)}
        tables = {name: rows_of(con, name, columns[name]) for name in sorted(names - past)}
        return {**tables, "comments": comments}


def files_of(out: Path) -> dict[str, bytes]:
    folder = published(out).folder
    files = sorted([*folder.glob("tables/*.parquet"), *folder.glob("marts/*.parquet")])
    return {path.stem: path.read_bytes() for path in files if path.stem not in DEPEND_ON_THE_PAST}


def assert_same(out: Path, full: Path) -> None:
    found, expected = tables_of(out), tables_of(full)
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert found[name] == rows, name
    files, expected_files = files_of(out), files_of(full)
    assert files.keys() == expected_files.keys()
    assert [name for name, content in expected_files.items() if files[name] != content] == []


def options_of(folder: Path, preset: str) -> dict[str, object]:
    """The settings of a build with a mapping file or a file of aliases."""
    name, text = ("mapping", MAPPING) if preset == "generic" else ("organisations", ALIASES)
    path = folder / f"{name}.toml"
    path.write_text(text)
    return {"preset": preset, name: path, "report": False}


@pytest.mark.parametrize("preset", ["smartable", "generic"])
@pytest.mark.parametrize("seed", range(20 if IS_LONG else 1))
def test_any_changes_give_the_warehouse_and_the_files_of_a_full_build(tmp_path: Path, preset: str, seed: int) -> None:
    corpus = Corpus(tmp_path / "source", SMARTABLE if preset == "smartable" else GENERIC, 40, seed)
    given, out = options_of(tmp_path, preset), tmp_path / "out"
    build_quietly(corpus.folder, out, **given)
    plans = [[*FILES, *FIELDS], ["restore", "add", *FIELDS]]
    for place, kinds in enumerate(plans):
        for number, kind in enumerate(kinds, start=100 * (place + 1)):
            corpus.change(kind, number)
        # Another day changes what is made of dates.
        day = AS_OF - dt.timedelta(days=10 * place)
        assert build_quietly(corpus.folder, out, as_of=day, **given).update is not None
    build_quietly(corpus.folder, tmp_path / "full", as_of=day, **given)
    assert_same(out, tmp_path / "full")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Path]:
    """A corpus and a build of it, for `corpus` and `out`."""
    folder = tmp_path_factory.mktemp("update")
    corpus = Corpus(folder / "source", SMARTABLE, 30, 3)
    build_quietly(corpus.folder, folder / "out")
    return corpus, folder / "out"


@pytest.fixture
def corpus(built: tuple[Corpus, Path]) -> Iterator[Corpus]:
    """The corpus, of which each test changes values alone; its files are put back."""
    corpus, _ = built
    before = {path: path.read_bytes() for path in corpus.folder.iterdir()}
    yield corpus
    for path, content in before.items():
        if path.read_bytes() != content:
            corpus.write(path, content)


@pytest.fixture
def out(built: tuple[Corpus, Path], tmp_path: Path) -> Path:
    shutil.copytree(built[1], tmp_path / "out", symlinks=True)
    return tmp_path / "out"


def inodes(out: Path) -> dict[str, int]:
    folder = published(out).folder
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*.parquet")}


def test_only_models_that_read_a_changed_column_run_and_other_files_are_shared(corpus: Corpus, out: Path) -> None:
    before, base = inodes(out), published(out)
    corpus.change("heat", 1)
    run = build_quietly(corpus.folder, out, keep_snapshots=1)
    update = json.loads(published(out).run_file.read_text())["update"]
    assert update["base_snapshot_id"] == base.id
    # Titles are as before, so neither what is made of them ran nor what reads the articles without their heat.
    assert "core.articles" in update["models_run"]
    assert not {"core.article_titles", "core.syndication", "marts.title_terms"} & set(update["models_run"])
    after = inodes(out)
    shared = {path for path, inode in after.items() if before[path] == inode}
    assert shared == set(update["shared_files"])
    assert {"marts/title_terms.parquet", "tables/document_topics.parquet"} <= shared
    assert not {"tables/documents.parquet", "tables/files.parquet"} & shared
    assert run.model_rows["core.articles"] == run.table_rows["tidy.documents"]
    # The files stay when the base is removed, and the tables are what their models make of them.
    assert not base.folder.exists()
    assert verify(out, deep=True).findings == []


def test_a_file_that_cannot_be_linked_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no link")

    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"content")
    monkeypatch.setattr(os, "link", refuse)
    share_file(source, target)
    assert target.read_bytes() == b"content"
    assert source.stat().st_ino != target.stat().st_ino


def test_a_file_that_is_there_already_is_not_written_to(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"content")
    share_file(source, target)
    for share in (share_file, clone_file):
        with pytest.raises(FileExistsError):
            share(source, target)
    assert (source.read_bytes(), source.stat().st_ino) == (b"content", target.stat().st_ino)


@pytest.mark.parametrize(
    ("files", "changed", "come", "gone", "is_worth"),
    [
        (99, 1, 0, 0, False),
        (100, 1, 0, 0, True),
        (1_000, 200, 0, 0, True),
        (1_000, 201, 0, 0, False),
        (1_000, 0, 0, 0, True),
        (1_000, 0, 1, 0, False),
        (1_000, 0, 0, 1, False),
        (1_000, 0, 1, 1, False),
    ],
)
def test_few_changes_of_many_files_are_worth_an_update(
    monkeypatch: pytest.MonkeyPatch, files: int, changed: int, come: int, gone: int, *, is_worth: bool
) -> None:
    monkeypatch.setattr(base_copy, "_FEWEST_FILES", 100)
    monkeypatch.setattr(base_copy, "_MOST_CHANGED", 0.2)
    monkeypatch.setattr(base_copy, "_MAY_COME_OR_GO", False)
    changed_files = {"read": changed + come, "gone": gone, "unchanged": files - changed - gone}
    assert base_copy.is_worth_updating(files, changed_files) is is_worth


def test_a_warehouse_is_copied_if_the_models_are_those_that_made_it(out: Path, tmp_path: Path) -> None:
    stage = Snapshot("stage", tmp_path / "stage")
    stage.folder.mkdir()
    now = dt.datetime.now(dt.UTC)
    run = Run("id", tmp_path, out, AS_OF, now, changed_files={"read": 1, "unchanged": 29, "gone": 0})
    base = BaseSnapshot(published(out), now, AS_OF, None, {"seen": 30, "reject": 0}, has_current_models=True)
    assert copy_base(stage, run, None) is None
    assert copy_base(stage, run, replace(base, has_current_models=False)) is None
    assert not stage.warehouse.exists()
    assert copy_base(stage, run, base) is not None
    assert stage.warehouse.read_bytes() == base.snapshot.warehouse.read_bytes()
    assert stage.warehouse.stat().st_ino != base.snapshot.warehouse.stat().st_ino


def test_a_warehouse_with_many_holes_is_written_anew(
    corpus: Corpus, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.change("title", 1)
    monkeypatch.setattr(base_copy, "_MOST_BLOCKS", 0.5)
    assert build_quietly(corpus.folder, out).update is None
    assert verify(out).findings == []


def test_one_update_follows_another(corpus: Corpus, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_copy, "_MOST_BLOCKS", MOST_BLOCKS)
    for field in ("title", "heat", "title", "quality"):
        corpus.change(field, 3)
        run = build_quietly(corpus.folder, out)
        assert run.update is not None
    assert verify(out, deep=True).findings == []


def test_holes_are_blocks_that_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_copy, "_MOST_BLOCKS", 1.5)
    with open_warehouse(tmp_path / "w.duckdb", temp_directory=tmp_path / "spill") as con:
        con.execute("create schema core; create table core.kept as select range as id from range(10)")
        con.execute("create table core.gone as select hash(range) as a, hash(range + 1) as b from range(400_000)")
        con.execute("checkpoint")
        assert base_copy.is_compact(con)
        # The file cannot be cut before the last table.
        con.execute("create table core.last as from range(100_000); checkpoint; drop table core.gone; checkpoint")
        assert not base_copy.is_compact(con)


def test_marts_of_another_set_of_columns_are_written_anew(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "source", GENERIC.replace("author: {provider}\n", ""), 20, 1)
    build_quietly(corpus.folder, tmp_path / "out", preset="generic")
    corpus.template = GENERIC
    corpus.change("title", 1)
    run = build_quietly(corpus.folder, tmp_path / "out", preset="generic")
    assert (run.outcome, run.update) == ("published", None)
    assert run.features is not None
    assert Feature.AUTHORS in run.features
    assert verify(tmp_path / "out").findings == []


def test_a_build_that_fails_midway_leaves_the_base_as_it_was(
    corpus: Corpus, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = published(out)
    before = {path: path.read_bytes() for path in base.folder.rglob("*") if path.is_file()}
    corpus.change("title", 1)

    def fail(*_: object) -> None:
        raise ModelError("stopped")

    monkeypatch.setattr(steps, "_package", fail)  # after all tables and files are written
    with pytest.raises(ModelError, match="stopped"):
        build_quietly(corpus.folder, out)
    assert published(out) == base
    assert {path: path.read_bytes() for path in base.folder.rglob("*") if path.is_file()} == before
