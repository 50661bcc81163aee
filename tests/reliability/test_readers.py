"""Readers, each a process, while snapshots are published, rolled back and pruned: no failed or mixed read."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path

import pytest

from frontmart.snapshots import read as read_module
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.read import read_all_runs, read_published
from frontmart.snapshots.retention import remove_old_snapshots
from frontmart.snapshots.store import Snapshot, list_snapshots, published, roll_back
from tests.few_models import building_few_models
from tests.processes import PATIENCE_SECONDS, wait_for
from tests.reliability.reader import FIRST_DAY, TOPIC
from tests.reliability.workspace import IS_LONG, ROOT, leftovers_in
from tests.sample import build_quietly

PUBLISHES = 50 if IS_LONG else 6
# Twenty readers, or four.
READERS = {"fresh": 6, "long": 4, "parquet": 5, "mart": 3, "command": 2} if IS_LONG else dict.fromkeys(
    ("fresh", "long", "parquet", "command"), 1
)  # fmt: skip
ROLLBACK_EVERY = 3


@pytest.fixture(scope="module", autouse=True)
def few_models() -> Iterator[None]:
    """The builds run the models that readers query, and few others."""
    if IS_LONG:
        yield
    else:
        with building_few_models("core.article_topics", "marts.coverage_by_topic"):
            yield


def publish(source: Path, out: Path, number: int) -> None:
    """Publish the corpus with one more file, as of the next day."""
    (source / f"{number}.md").write_text(
        f"---\ntitle: Number {number}\ntopics: [{TOPIC}]\npublishedDateTime: 2026-01-01T00:00:00Z\n"
        "provider: {name: A, domain: a.example}\nwebUrl: https://a.example/" + f"{number}\ntype: article\n---\n"
    )
    build_quietly(source, out, as_of=FIRST_DAY + dt.timedelta(days=number))


def start_reader(kind: str, out: Path, stop: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.reader", kind, str(out), str(stop)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_readers_neither_fail_nor_see_a_mixture_while_snapshots_are_published(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    source, out, stop = tmp_path / "source", tmp_path / "out", tmp_path / "stop"
    source.mkdir()
    publish(source, out, 1)
    kinds = [kind for kind, count in READERS.items() for _ in range(count)]
    with ExitStack() as stack:
        readers = [stack.enter_context(start_reader(kind, out, stop)) for kind in kinds]
        stack.callback(stop.touch)
        wait_for(lambda: len(list(tmp_path.glob("stop-*"))) == len(readers))
        for number in range(2, PUBLISHES + 2):
            publish(source, out, number)
            if number % ROLLBACK_EVERY == 0:
                roll_back(out)
        stop.touch()
        results = [json.loads(reader.communicate(timeout=PATIENCE_SECONDS)[0]) for reader in readers]
    reads = Counter({kind: sum(each["reads"] for each in results if each["kind"] == kind) for kind in READERS})
    slowest = max(each["slowest"] for each in results if each["kind"] == "fresh")
    record_property("readers", f"{len(readers)} readers, {PUBLISHES} publishes, {reads.total()} reads {dict(reads)}")
    record_property("readers", f"slowest read of a fresh connection {slowest:.2f} s")
    record_property("readers", f"wrong: {sum(len(each['wrong']) for each in results)}")
    assert [each["wrong"] for each in results if each["wrong"]] == []
    # All of them read, and across several publications.
    assert all(each["reads"] for each in results)
    assert max(each["seen"] for each in results) >= 3
    assert len(list_snapshots(out)) == 5
    assert leftovers_in(out) == []


def publish_and_prune(out: Path) -> None:
    """Publish a later snapshot and prune all others."""
    later = "29990101T000000000000Z"
    (out / "snapshots" / later).mkdir()
    (out / "snapshots" / later / "run.json").write_text('{"snapshot_id": "later"}')
    write_manifest(out / "snapshots" / later)
    roll_back(out, later)
    remove_old_snapshots(out, keep=1)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with a snapshot that consists of its run.json alone."""
    first = tmp_path / "snapshots" / "20260101T000000000000Z"
    first.mkdir(parents=True)
    (first / "run.json").write_text('{"snapshot_id": "first"}')
    write_manifest(first)
    roll_back(tmp_path, first.name)
    return tmp_path


def test_a_snapshot_that_is_pruned_before_it_is_opened_is_no_error_since_another_is_published(out: Path) -> None:
    seen = []

    def read(snapshot: Snapshot) -> str:
        seen.append(snapshot.id)
        if len(seen) == 1:
            publish_and_prune(out)
        return snapshot.run_file.read_text()

    assert read_published(out, read) == '{"snapshot_id": "later"}'
    assert seen == ["20260101T000000000000Z", "29990101T000000000000Z"]


def test_what_cannot_be_read_though_nothing_was_published_meanwhile_is_an_error(out: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_published(out, lambda snapshot: snapshot.warehouse.read_bytes())


def test_a_snapshot_that_is_pruned_while_the_link_is_resolved_is_no_error(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file

    def prune_first(path: Path) -> bool:
        if path.parent.name == "20260101T000000000000Z" and path.exists():
            monkeypatch.setattr(Path, "is_file", is_file)
            publish_and_prune(out)
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", prune_first)
    assert published(out).id == "29990101T000000000000Z"


def test_snapshots_are_listed_without_one_that_is_pruned_meanwhile(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_regular = read_module.open_regular

    def prune_first(path: Path) -> BufferedReader:
        monkeypatch.setattr(read_module, "open_regular", open_regular)
        publish_and_prune(out)
        return open_regular(path)

    monkeypatch.setattr(read_module, "open_regular", prune_first)
    assert read_all_runs(out) == []
