"""A build upon the last snapshot equals a full build of the same files, whatever happened to them in between."""

import datetime as dt
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.corpus import write_corpus
from frontmart import run as runs_module
from frontmart.extract import changes
from frontmart.settings import Settings
from frontmart.snapshots.fingerprint import fingerprint
from frontmart.snapshots.store import list_snapshots, published
from tests.few_models import building_few_models
from tests.reliability.workspace import IS_LONG
from tests.sample import AS_OF, DEPEND_ON_THE_PAST, build_quietly, hash_of_files

OLD = 1_700_000_000_000_000_000


def age(path: Path, seconds: int = 0) -> None:
    """Date a file well before any build, as files of a real source are."""
    os.utime(path, ns=(OLD + seconds * 10**9, OLD + seconds * 10**9))


def wait_until_settled(source: Path) -> None:
    """Wait until a build in another process reads each file only once: its ctime, which cannot be set, must be old."""
    newest = max(path.stat().st_ctime for path in source.rglob("*"))
    time.sleep(max(0.0, newest + changes._CLOCK_TICK.total_seconds() + 0.1 - time.time()))


@pytest.fixture
def source(tmp_path: Path, few_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus whose files changed long before any build: a ctime cannot be set, so the clock has no ticks here.

    Builds of it run few models. All models run in the builds of the test of any sequence of changes.
    """
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))
    folder = tmp_path / "source"
    write_corpus(folder, 120, 5)
    for path in folder.rglob("*"):
        age(path)
    return folder


def digests(out: Path) -> dict[str, str]:
    folder = published(out).folder
    files = [*folder.glob("marts/*.parquet"), *folder.glob("tables/*.parquet")]
    # Only a fresh output folder has no past.
    return {
        path.name: hash_of_files(path)
        if path.name == "files.parquet"
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.stem not in DEPEND_ON_THE_PAST
    }


def assert_as_if_built_anew(source: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory() as fresh:
        build_quietly(source, Path(fresh))
        assert digests(out) == digests(Path(fresh))


def an_article(source: Path) -> Path:
    return sorted((source / "_news").rglob("*.md"))[0]


@pytest.mark.parametrize("limit", ["max_file_size", "max_front_matter_size", "max_depth", "max_values", "max_items"])
def test_a_limit_that_changes_has_every_file_read_again(source: Path, tmp_path: Path, limit: str) -> None:
    before, after = Settings.load(source=source), Settings.load(source=source, **{limit: 7})
    assert fingerprint(before, "1")["rows"] != fingerprint(after, "1")["rows"]
    assert fingerprint(before, "1")["models"] == fingerprint(after, "1")["models"]


def test_a_file_that_a_limit_refused_is_a_document_once_the_limit_is_raised(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build_quietly(source, out, allow_empty=True, max_file_size=10).files["document"] == 0
    again = build_quietly(source, out)
    assert again.changed_files == {"read": 120, "unchanged": 0, "gone": 0}
    assert_as_if_built_anew(source, out)


def test_nothing_changed_writes_nothing_but_the_time_of_this_success(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def times() -> dict[Path, int]:
        written = (".lock", "last_success.json")
        return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path != out and path.name not in written}

    first = build_quietly(source, out)
    before = times()
    second = build_quietly(source, out)
    assert (second.outcome, second.snapshot_id) == ("unchanged", first.snapshot_id)
    assert times() == before


def test_only_what_changed_is_read(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    article = an_article(source)
    article.write_text(article.read_text().replace("title: ", "title: New ", 1))
    age(article, seconds=5)
    run = build_quietly(source, tmp_path / "out")
    assert run.changed_files == {"read": 1, "unchanged": 119, "gone": 0}
    assert_as_if_built_anew(source, tmp_path / "out")


def test_a_new_day_rebuilds_the_marts_and_reads_no_file(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out", as_of=AS_OF - dt.timedelta(days=1))
    run = build_quietly(source, tmp_path / "out")
    assert (run.outcome, run.changed_files["read"]) == ("published", 0)
    assert_as_if_built_anew(source, tmp_path / "out")


def test_a_change_of_secured_or_line_ends_only_is_not_a_change(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    article = an_article(source)
    hashes = "select content_hash from tidy.documents where path = ?"
    with duckdb.connect(published(tmp_path / "out").warehouse, read_only=True) as connection:
        before = connection.execute(hashes, [article.relative_to(source).as_posix()]).fetchone()
    lines = article.read_text().splitlines()
    changed = ['secured: "bmV3"' if line.startswith("secured:") else line for line in lines]
    assert changed != lines
    article.write_bytes("\r\n".join([*changed, ""]).encode())
    age(article, seconds=5)
    build_quietly(source, tmp_path / "out")
    with duckdb.connect(published(tmp_path / "out").warehouse, read_only=True) as connection:
        after = connection.execute(hashes, [article.relative_to(source).as_posix()]).fetchone()
    assert before == after is not None
    assert_as_if_built_anew(source, tmp_path / "out")


def test_a_secured_value_that_comes_or_goes_is_seen(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    article = an_article(source)
    kept = [line for line in article.read_text().splitlines(keepends=True) if not line.startswith("secured:")]
    article.write_text("".join(kept))
    age(article, seconds=5)
    build_quietly(source, tmp_path / "out")
    assert_as_if_built_anew(source, tmp_path / "out")


def edit_unnoticed(article: Path) -> None:
    """Edit a file, and restore its size and its modification time."""
    article.write_text(article.read_text().replace("published: ", "publishec: ", 1))
    age(article)


def replace_unnoticed(article: Path) -> None:
    """Replace a file by another of the same size and modification time."""
    other = article.with_name("other.tmp")
    other.write_text(article.read_text().replace("published: ", "publishec: ", 1))
    age(other)
    other.replace(article)


@pytest.mark.parametrize("change", [edit_unnoticed, replace_unnoticed])
def test_a_change_under_the_same_size_and_time_is_noticed(
    source: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    build_quietly(source, tmp_path / "out")
    change(an_article(source))
    run = build_quietly(source, tmp_path / "out")
    assert (run.outcome, run.changed_files["read"]) == ("published", 1)
    assert_as_if_built_anew(source, tmp_path / "out")


def test_without_inodes_a_change_under_the_same_size_and_time_is_found_by_checksum(
    source: Path, tmp_path: Path
) -> None:
    build_quietly(source, tmp_path / "out")
    edit_unnoticed(an_article(source))
    assert build_quietly(source, tmp_path / "out", ignore_inode=True).outcome == "unchanged"
    assert build_quietly(source, tmp_path / "out", ignore_inode=True, checksum=True).outcome == "published"
    assert_as_if_built_anew(source, tmp_path / "out")


def test_a_new_ctime_alone_has_files_read_but_publishes_nothing(source: Path, tmp_path: Path) -> None:
    """A backup that makes hard links, or a `chmod`, changes the ctime of every file each night."""
    first = build_quietly(source, tmp_path / "out")
    for path in source.rglob("*.md"):
        path.chmod(0o600)
    again = build_quietly(source, tmp_path / "out")
    assert (again.outcome, again.snapshot_id) == ("unchanged", first.snapshot_id)
    assert "extract" in again.seconds
    assert again.changed_files["read"] > 100
    # The snapshot of the next day has the new times.
    build_quietly(source, tmp_path / "out", as_of=AS_OF + dt.timedelta(days=1))
    assert "extract" not in build_quietly(source, tmp_path / "out", as_of=AS_OF + dt.timedelta(days=1)).seconds


@pytest.mark.usefixtures("few_models")
def test_a_file_that_changed_about_when_it_was_listed_is_read_again_whatever_its_mtime(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_corpus(source, 100, 5)
    for path in source.rglob("*"):
        age(path)
    build_quietly(source, tmp_path / "out")
    assert build_quietly(source, tmp_path / "out").changed_files["read"] == 100
    assert "extract" not in build_quietly(source, tmp_path / "out", ignore_inode=True).seconds


def test_a_file_as_young_as_the_last_build_is_read_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    an_article(source).touch()
    build_quietly(source, tmp_path / "out", ignore_inode=True)
    assert build_quietly(source, tmp_path / "out", ignore_inode=True).changed_files["read"] == 1


def test_a_checksum_of_what_did_not_change_writes_nothing(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    assert build_quietly(source, tmp_path / "out", checksum=True).outcome == "unchanged"
    assert len(list_snapshots(tmp_path / "out")) == 1
    assert [path.name for path in (tmp_path / "out").glob("snapshots/.*")] == []


def test_a_file_that_stays_unreadable_or_recent_is_not_a_change(source: Path, tmp_path: Path) -> None:
    (source / "void.md").symlink_to("nowhere.md")
    os.utime(an_article(source), ns=(10**19 // 5, 10**19 // 5))
    first = build_quietly(source, tmp_path / "out")
    again = build_quietly(source, tmp_path / "out")
    assert first.files["reject"] > 0
    assert (again.outcome, again.changed_files["read"]) == ("unchanged", 2)
    (source / "void.md").unlink()
    assert build_quietly(source, tmp_path / "out").outcome == "published"
    assert_as_if_built_anew(source, tmp_path / "out")


def test_a_snapshot_of_other_code_is_not_a_base(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_quietly(source, tmp_path / "out")
    other = {"rows": "other code", "models": "other code"}
    monkeypatch.setattr(runs_module, "fingerprint", lambda *_: other)
    assert build_quietly(source, tmp_path / "out").changed_files == {"read": 120, "unchanged": 0, "gone": 0}


def test_other_sql_rebuilds_the_marts_and_reads_no_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_quietly(source, tmp_path / "out")
    other = {**first.fingerprint, "models": "other sql"}
    monkeypatch.setattr(runs_module, "fingerprint", lambda *_: other)
    run = build_quietly(source, tmp_path / "out")
    assert (run.outcome, run.changed_files["read"]) == ("published", 0)


def test_another_source_is_read_whole(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    other = shutil.copytree(source, tmp_path / "other")
    assert build_quietly(other, tmp_path / "out").changed_files["read"] == 120


def test_full_reads_every_file_again(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    run = build_quietly(source, tmp_path / "out", full=True)
    assert (run.outcome, run.changed_files["read"]) == ("published", 120)
    assert len(list_snapshots(tmp_path / "out")) == 2


# Changes that leave the size and the modification time of a path as they were, or nearly all of them.
UNNOTICED = ("edit in place", "swap", "chmod")
CHANGES = ("add", "edit", "touch", "rename", "delete", "break", "repair", *UNNOTICED)


def apply_unnoticed_change(kind: str, path: Path, other: Path) -> None:
    """Change a file, or let two files change places through a hard link."""
    match kind:
        case "edit in place":
            times = path.stat()
            path.write_bytes(path.read_bytes().replace(b"published: ", b"publishec: ", 1))
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        case "swap":
            kept = path.with_name("kept.tmp")
            os.link(path, kept)
            other.replace(path)
            kept.replace(other)
        case "chmod":
            path.chmod(0o600 if path.stat().st_mode & 0o004 else 0o644)


def apply_change(kind: str, source: Path, random: Random, number: int) -> None:
    """Change one file of the source as its authors might."""
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    path = random.choice(paths)
    if kind in UNNOTICED:
        apply_unnoticed_change(kind, path, random.choice(paths))
        return
    data = path.read_bytes()
    match kind:
        case "add":
            path = source / "_news" / f"added-{number}.md"
            path.write_bytes(data)
        case "edit":
            path.write_bytes(data.replace(b"heat: ", b"heat: 1", 1).replace(b"title: ", b"title: More ", 1))
        case "touch":
            path.write_bytes(data.replace(b"\n", b"\r\n") if b"\r" not in data else data)
        case "rename":
            path = path.rename(path.with_name(f"renamed-{number}{path.suffix}"))
        case "delete":
            path.unlink()
            return
        case "break":
            path.write_bytes(data.replace(b"type: ", b"type: a: ", 1))
        case "repair":
            path.write_bytes(data.replace(b"type: a: ", b"type: ", 1))
    age(path, seconds=number + 1)


# An example is up to seven builds. `make test` has one with every kind of change, and three others that run few models;
# `make faults` has 20 of all models.
EVERY_CHANGE = [["add", "edit", "touch", "rename"], ["delete", "break", *UNNOTICED], ["repair", "edit"]]


@example(steps=EVERY_CHANGE, seed=7)
@settings(max_examples=20 if IS_LONG else 3, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.lists(st.sampled_from(CHANGES), max_size=6), min_size=1, max_size=3), seed=st.integers(0, 999))
def test_any_sequence_of_changes_gives_the_same_tables_as_a_full_build(steps: list[list[str]], seed: int) -> None:
    random, number = Random(seed), 0
    models = nullcontext() if IS_LONG or steps == EVERY_CHANGE else building_few_models()
    with models, tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        write_corpus(source, 100, seed)
        for path in source.rglob("*"):
            age(path)
        build_quietly(source, out)
        for step in steps:
            for kind in step:
                number += 1
                apply_change(kind, source, random, number)
            build_quietly(source, out)
            assert_as_if_built_anew(source, out)


def test_the_rows_of_a_deleted_file_are_gone_from_every_table(source: Path, tmp_path: Path) -> None:
    build_quietly(source, tmp_path / "out")
    article = an_article(source)
    article.unlink()
    run = build_quietly(source, tmp_path / "out")
    assert run.changed_files == {"read": 0, "unchanged": 119, "gone": 1}
    for table in published(tmp_path / "out").tables.glob("*.parquet"):
        frame = pl.read_parquet(table)
        if "path" in frame.columns:
            assert article.relative_to(source).as_posix() not in frame["path"].to_list(), table.name
    assert_as_if_built_anew(source, tmp_path / "out")
