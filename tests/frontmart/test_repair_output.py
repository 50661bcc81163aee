"""`frontmart repair`: the published snapshot is replaced, other damaged ones are moved, and nothing is removed."""

import json
from pathlib import Path

import pytest

from frontmart.errors import LockedError, SnapshotError
from frontmart.repair import Repair, find_source, repair
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import Difference, find_damage
from frontmart.snapshots.store import list_snapshots, published
from frontmart.terminal.progress import Console
from tests.forked import frontmart
from tests.sample import AS_OF, SAMPLE, build_quietly

pytestmark = pytest.mark.usefixtures("few_models")


def run_repair(out: Path) -> Repair:
    return repair(Settings.load(source=SAMPLE, out=out, as_of=AS_OF), LocalRunner(Console(is_quiet=True)))


def damage(path: Path) -> dict[str, bytes]:
    """Flip a bit of a file -> the files of its snapshot, by their paths within it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    folder = path.parent
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}


def test_an_intact_folder_needs_no_repair_and_stays_as_it_is(out: Path) -> None:
    before = {path: path.lstat().st_mtime_ns for path in out.rglob("*") if path.name != ".lock"}
    assert run_repair(out) == Repair(published(out).id, is_rebuilt=False, damaged=[], run_log=[])
    assert {path: path.lstat().st_mtime_ns for path in out.rglob("*") if path.name != ".lock"} == before


def test_a_damaged_published_snapshot_is_replaced_and_an_older_one_is_moved_and_lost(out: Path) -> None:
    older = published(out)
    build_quietly(SAMPLE, out, full=True)
    former = published(out)
    files = {each.id: damage(each.marts / "field_completeness.parquet") for each in (older, former)}
    with (out / "runs.jsonl").open("a") as log:
        log.write("damaged\n")
    done = run_repair(out)
    problem = [Difference("marts/field_completeness.parquet", "has changed since it was written")]
    assert [(each.snapshot_id, each.as_of_date, each.files, each.is_lost) for each in done.damaged] == [
        (former.id, "2026-01-31", problem, False),
        (older.id, "2026-01-31", problem, True),
    ]
    assert (done.is_rebuilt, done.lost) == (True, [done.damaged[1]])
    assert [done.published] == [published(out).id] == [each.id for each in list_snapshots(out)]
    assert find_damage(published(out).folder) == []
    for each in done.damaged:
        folder = Path(str(each.moved_to))
        assert folder.name == f"damaged-{each.snapshot_id}"
        assert {path.name: path.read_bytes() for path in (folder / "marts").iterdir()} == files[each.snapshot_id]
    assert "1 line is not a run, the first is line 3;" in done.run_log[0]
    assert (run_repair(out).damaged, run_repair(out).is_rebuilt) == ([], False)


def test_the_source_is_that_of_an_intact_run_json(out: Path) -> None:
    assert find_source(out) == SAMPLE
    damage(published(out).run_file)
    assert find_source(out) is None


def test_a_locked_or_empty_folder_is_an_error(out: Path, tmp_path: Path) -> None:
    with lock_output(out), pytest.raises(LockedError):
        run_repair(out)
    with pytest.raises(SnapshotError, match="nothing is published here"):
        run_repair(tmp_path / "empty")


def test_the_command_says_what_it_did_and_what_cannot_be_had_back(out: Path) -> None:
    older = published(out)
    build_quietly(SAMPLE, out, full=True)
    (older.tables / "rejects.parquet").unlink()
    done = frontmart("repair", "--out", out)
    moved = out / "snapshots" / f"damaged-{older.id}"
    assert done.stdout.splitlines() == [
        f"{older.id}: tables/rejects.parquet is missing",
        f"{older.id} as of 2026-01-31 cannot be had back; its files are now in {moved}",
        f"published {published(out).id} is good",
    ]
    advice = "`frontmart backfill DAY DAY` describes a day again, from the files as they are now"
    assert (done.returncode, done.stderr) == (1, f"frontmart: {out}: 1 snapshot cannot be had back; {advice}\n")
    done = frontmart("repair", "--out", out, "--json")
    assert (done.returncode, json.loads(done.stdout)["is_good"]) == (0, True)
