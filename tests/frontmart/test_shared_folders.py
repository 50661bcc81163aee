"""An output folder that others may write to: the umask decides on permissions, and no link of theirs is followed."""

import datetime as dt
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from frontmart.errors import FrontmartError, UsageError
from frontmart.export import export
from frontmart.snapshots import store as snapshots
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.retention import prune
from frontmart.snapshots.store import published
from tests.sample import build_quietly

pytestmark = pytest.mark.usefixtures("few_models")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: Lanes\n---\n")
    (folder / "b.md").write_text("---\ntitle: a: b\n---\n")
    return folder


@pytest.fixture(params=[0o022, 0o027, 0o077], ids=lambda mask: f"{mask:03o}")
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_all_that_is_written_has_the_permissions_of_the_umask(umask: int, source: Path, tmp_path: Path) -> None:
    out, target = tmp_path / "out", tmp_path / "target"
    build_quietly(source, out, lineage=str(tmp_path / "events.jsonl"))
    export(out, str(target))
    written = [out, target, *out.rglob("*"), *target.rglob("*"), tmp_path / "events.jsonl"]
    assert {
        "warehouse.duckdb",
        "runs.jsonl",
        ".lock",
        "manifest.json",
        "files.parquet",
        "field_completeness.parquet",
    } <= {path.name for path in written}
    for path in written:
        found = path.lstat()
        if not stat.S_ISLNK(found.st_mode):
            whole = 0o777 if stat.S_ISDIR(found.st_mode) else 0o666
            assert oct(found.st_mode & 0o777) == oct(whole & ~umask), path


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """The target of another user's link: a file in a folder, neither of which may change."""
    folder = tmp_path / "victim"
    folder.mkdir()
    (folder / "file").write_text("precious")
    return folder


def is_untouched(victim: Path) -> bool:
    return [path.name for path in victim.iterdir()] == ["file"] and (victim / "file").read_text() == "precious"


def test_a_link_in_place_of_the_lock_is_refused_by_name(source: Path, tmp_path: Path, victim: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".lock").symlink_to(victim / "file")
    with pytest.raises(UsageError, match=r"\.lock"):
        build_quietly(source, out)
    assert is_untouched(victim)


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "folder"])
def test_a_run_log_that_is_no_file_is_one_warning_and_is_neither_followed_nor_waited_for(
    source: Path, tmp_path: Path, victim: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    log = out / "runs.jsonl"
    match kind:
        case "link":
            log.symlink_to(victim / "file")
        case "dangling link":
            log.symlink_to(victim / "new")
        case "pipe":
            os.mkfifo(log)
        case "folder":
            log.mkdir()
    run = build_quietly(source, out)
    warning = f"{log}: is not a regular file; marts.run_history will lack runs until this is corrected"
    assert (run.outcome, run.warnings) == ("published", [warning])
    assert capfd.readouterr().err == f"frontmart: warning: {warning}\n"
    assert is_untouched(victim)


@pytest.mark.parametrize("name", [".building-20260101T000000000000Z", ".building-x"])
def test_a_link_named_like_a_build_under_way_is_removed_and_not_followed(
    source: Path, tmp_path: Path, victim: Path, name: str
) -> None:
    out = tmp_path / "out"
    (out / "snapshots").mkdir(parents=True)
    link = out / "snapshots" / name
    for target in (victim, victim / "file", tmp_path / "nowhere"):
        link.symlink_to(target)
        build_quietly(source, out, full=True)
        assert not link.is_symlink()
    link.symlink_to(victim)
    assert prune(out, 5, None).freed_bytes == 0
    assert not link.is_symlink()
    assert is_untouched(victim)


def test_links_inside_what_a_killed_build_left_are_not_followed(source: Path, tmp_path: Path, victim: Path) -> None:
    leftover = tmp_path / "out" / "snapshots" / ".building-20260101T000000000000Z"
    (leftover / "work").mkdir(parents=True)
    (leftover / "work" / "fragments").symlink_to(victim)
    (leftover / "warehouse.duckdb").symlink_to(victim / "file")
    build_quietly(source, tmp_path / "out")
    assert not leftover.exists()
    assert is_untouched(victim)


def test_the_link_to_publish_has_a_name_that_nobody_guesses(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    make = Path.symlink_to

    def noted(link: Path, target: Path | str, *rest: bool) -> None:
        names.append(link.name)
        make(link, target, *rest)

    monkeypatch.setattr(Path, "symlink_to", noted)
    for _ in range(2):
        build_quietly(source, tmp_path / "out", full=True)
    assert len(set(names)) == 2
    assert all(len(name.removeprefix(".published-")) == 16 for name in names)


def test_a_stage_that_is_there_before_the_build_is_not_used(
    source: Path, tmp_path: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is the time to a microsecond; should somebody guess it, the build fails and writes nowhere."""
    out = tmp_path / "out"
    make = snapshots.next_id

    def planted(used: Iterable[str], now: dt.datetime) -> str:
        id_ = make(used, now)
        (out / "snapshots" / f".building-{id_}").symlink_to(victim)
        return id_

    monkeypatch.setattr(snapshots, "next_id", planted)
    with pytest.raises(FileExistsError), lock_output(out), snapshots.staged(out):
        pass
    assert is_untouched(victim)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a link that another user owns")
def test_snapshots_that_another_user_has_linked_elsewhere_are_refused(
    source: Path, tmp_path: Path, victim: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "snapshots").symlink_to(victim)
    os.chown(out / "snapshots", 12_345, -1, follow_symlinks=False)
    with pytest.raises(UsageError, match="is a link made by another user"):
        build_quietly(source, out)
    assert is_untouched(victim)


def test_snapshots_that_the_owner_keeps_on_another_disk_are_written_there(source: Path, tmp_path: Path) -> None:
    out, disk = tmp_path / "out", tmp_path / "disk"
    out.mkdir()
    disk.mkdir()
    (out / "snapshots").symlink_to(disk)
    run = build_quietly(source, out)
    assert published(out).id == run.snapshot_id
    assert (disk / str(run.snapshot_id)).is_dir()


def test_what_does_not_fit_in_memory_goes_into_the_stage(source: Path, tmp_path: Path) -> None:
    from frontmart import steps
    from frontmart.settings import Settings

    with lock_output(tmp_path), snapshots.staged(tmp_path) as stage:
        with steps.create_warehouse(stage, Settings.load(source=source, out=tmp_path)) as warehouse:
            row = warehouse.execute("select current_setting('temp_directory')").fetchone()
        assert row
        assert Path(row[0]).is_relative_to(stage.folder)


@pytest.mark.parametrize("name", ["a[1]", "star*", "what?", "back\\slash", "\x1b[31mred"])
def test_an_output_folder_whose_name_is_a_pattern_is_refused_at_once(source: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(FrontmartError, match="in its name; give another --out"):
        build_quietly(source, tmp_path / name / "out")
    assert not (tmp_path / name).exists()
