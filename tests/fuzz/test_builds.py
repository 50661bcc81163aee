"""Builds of folders of damaged and generated files: each file is accounted for, and nothing is lost."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl
import pytest

from tests.forked import frontmart
from tests.frontmart.test_incremental import age, assert_as_if_built_anew, wait_until_settled
from tests.fuzz.inputs import Inputs, committed_files
from tests.fuzz.invariants import assert_nothing_is_lost
from tests.transforms.mutations import damaged
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document, Reject
from transforms.tables import stored_columns
from transforms.vocabulary import Preset

FILES = int(os.environ.get("FRONTMART_FUZZ", "4000")) // 2
SEED = int(os.environ.get("FRONTMART_FUZZ_SEED", "20210420"))
STORED = stored_columns(Preset.SMARTABLE)
NAMES = ("{}.md", "_news/{}.md", "a/b/{}.markdown", "größe {}.html", "_people/{}.TXT")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutants")
    inputs = Inputs(SEED + 1, committed_files())
    for number in range(FILES):
        path = folder / NAMES[number % len(NAMES)].format(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(inputs.of(number))
        age(path)
    return folder


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The output folder of a build, which must succeed, and its --json output."""
    out = tmp_path_factory.mktemp("built")
    wait_until_settled(source)
    done = frontmart("build", source, "--out", out, "--as-of", "2026-01-31", "--quiet", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return out, json.loads(done.stdout)


def files_in(source: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        yield path.relative_to(source).as_posix(), path.read_bytes()


def test_every_file_is_a_document_a_reject_or_skipped(source: Path, built: tuple[Path, dict[str, object]]) -> None:
    _, run = built
    kinds = Counter(type(parse_file(path, data)).__name__ for path, data in files_in(source))
    assert run["files"] == {
        "seen": FILES,
        "document": kinds["Document"],
        "reject": kinds["Reject"],
        "skipped": kinds["Skipped"],
    }
    assert min(kinds.values()) > 0


def test_only_warnings_find_rows(built: tuple[Path, dict[str, object]]) -> None:
    _, run = built
    checks = run["checks"]
    assert isinstance(checks, list)
    assert [check["name"] for check in checks if check["severity"] == "error" and check["failed_row_count"]] == []
    assert len(checks) > len(STORED)


def test_every_reject_has_its_reason_and_advice(source: Path, built: tuple[Path, dict[str, object]]) -> None:
    out, _ = built
    expected = [
        (path, outcome.reason.value, outcome.message, outcome.line, outcome.column)
        for path, data in files_in(source)
        if isinstance(outcome := parse_file(path, data), Reject)
    ]
    rejects = pl.read_parquet(out / "published" / "tables" / "rejects.parquet").sort("path")
    assert rejects.select("path", "reason", "message", "line", "column").rows() == sorted(expected)
    assert all(": " in message for message in rejects["message"])


def test_no_word_of_a_document_is_lost_in_the_published_tables(
    source: Path, built: tuple[Path, dict[str, object]]
) -> None:
    out, _ = built
    tables = {name: pl.read_parquet(out / "published" / "tables" / f"{name}.parquet") for name in STORED}
    documents = {path: data for path, data in files_in(source) if isinstance(parse_file(path, data), Document)}
    assert_nothing_is_lost(documents, tables)


def test_an_incremental_build_gives_what_a_full_build_gives(
    source: Path, built: tuple[Path, dict[str, object]]
) -> None:
    """Must run last: it damages one in ten files again."""
    out, _ = built
    random, files = Random(SEED), committed_files()
    for path, data in random.sample(list(files_in(source)), FILES // 10):
        (source / path).write_bytes(damaged(data or b"---", random.choice(files), random))
        age(source / path, seconds=5)
    done = frontmart("build", source, "--out", out, "--as-of", "2026-01-31", "--quiet", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["changed_files"]["read"] == FILES // 10
    assert_as_if_built_anew(source, out)
