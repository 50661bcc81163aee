"""A power cut after any system call leaves a whole published snapshot on the disk.

The model of the disk: a synced file or folder is on the disk. Any other change may be on it or not, in any order: a
link that was swapped may lead to its old or its new target until its folder is synced, and so may a pointer, which
exists where there are no links; a file that was removed may be gone at once.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from frontmart.snapshots.manifest import hash_file, read_manifest
from frontmart.snapshots.store import list_snapshots, published
from tests.reliability.workspace import WITHOUT_LINKS, Workspace, finish, start, write_versions

Tree = dict[str, str]
PLACES = ("published", "published.json")


@dataclass
class Disk:
    """The state of an output folder that a power cut may leave.

    Attributes:
        out: the output folder.
        contents: inode -> hash of the file when it was last synced.
        names: inode of a folder -> name -> inode, when the folder was last synced.
        places: the link and the pointer -> the snapshots that it may lead to; None for none.
        trees: snapshot -> path -> hash of its files, when the snapshot got its name.
        lost: the snapshots that something was removed from.
        latest: the snapshot that each link and pointer leads to, temporary ones included, if nothing is lost.
    """

    out: Path
    contents: dict[int, str] = field(default_factory=dict)
    names: dict[int, dict[str, int]] = field(default_factory=dict)
    places: dict[str, set[str | None]] = field(default_factory=lambda: {name: {None} for name in PLACES})
    trees: dict[str, Tree] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    latest: dict[str, str] = field(default_factory=dict)

    @property
    def targets(self) -> set[str | None]:
        """The snapshots that may be published; None for nothing. A link counts before a pointer."""
        link, pointer = self.places.values()
        return {one or other for one in link for other in pointer}

    def apply(self, event: dict[str, Any]) -> None:
        getattr(self, f"_{event['event']}")(**{name: value for name, value in event.items() if name != "event"})

    def _sync(self, path: str, inode: int, names: dict[str, int] | None = None, sha256: str = "") -> None:
        if names is None:
            self.contents[inode] = sha256
        else:
            self.names[inode] = names
        if path == str(self.out):
            self.places = {place: {self.latest[place] if place in (names or {}) else None} for place in PLACES}

    def _link(self, path: str, to: str) -> None:
        self.latest[Path(path).name] = Path(to).name

    def _rename(self, path: str, to: str, inode: int, names: str | None = None) -> None:
        name = Path(to).name
        if names is not None:  # a pointer, which is empty if it is not on the disk yet
            self.latest[Path(path).name] = names if inode in self.contents else "an empty pointer"
        if Path(path).parent == self.out and name in PLACES:
            self.latest[name] = self.latest.pop(Path(path).name)
            self.places[name].add(self.latest[name])
        if Path(path).parent == self.out / "snapshots":
            self.lost.add(Path(path).name)

    def _remove(self, path: str) -> None:
        if Path(path).parent == self.out and Path(path).name in PLACES:
            self.places[Path(path).name].add(None)
        if Path(path).is_relative_to(self.out / "snapshots"):
            self.lost.add(Path(path).relative_to(self.out / "snapshots").parts[0])

    def is_whole(self, snapshot: str, top: int) -> bool:
        """Whether all files of a snapshot are on the disk, reached from the folder above the output folder."""
        if snapshot in self.lost or snapshot not in self.trees:
            return False
        above = (self.out.name, "snapshots", snapshot)
        return all(
            self._content(top, (*above, *path.split("/"))) == hash_ for path, hash_ in self.trees[snapshot].items()
        )

    def _content(self, inode: int, parts: tuple[str, ...]) -> str | None:
        for part in parts:
            inode = self.names.get(inode, {}).get(part, 0)
        return self.contents.get(inode)


def tree_of(folder: Path) -> Tree:
    """The hash of each file of a snapshot: those that its manifest lists, and the manifest."""
    return {
        **{file.path: file.sha256 for file in read_manifest(folder)},
        "manifest.json": hash_file(folder / "manifest.json"),
    }


@dataclass(frozen=True)
class History:
    """The logged calls of commands, and the snapshots that they made."""

    out: Path
    events: list[dict[str, Any]]
    trees: dict[str, Tree]

    def losses(self) -> list[str]:
        """The calls after which a power cut could leave a published snapshot that is lost or incomplete."""
        top = self.out.parent.stat().st_ino
        disk = Disk(self.out, trees=self.trees)
        found = []
        for number, event in enumerate(self.events):
            disk.apply(event)
            broken = [target for target in disk.targets if target and not disk.is_whole(target, top)]
            found += [f"{target} after {number}: {event['event']} {event['path']}" for target in broken]
        if disk.targets != {published(self.out).id}:
            found.append(f"at the end: {disk.targets}")
        return found

    def without(self, path: str) -> "History":
        """The history without the syncs of one file or folder."""
        return replace(self, events=[each for each in self.events if (each["event"], each["path"]) != ("sync", path)])


def run_logged(workspace: Workspace, keep: int, *arguments: str, launcher: Sequence[str] = ()) -> History:
    """Run a command that must succeed, and log its calls."""
    log = workspace.folder / "log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.reliability.syscall_log", str(log), *arguments]
    done = finish(start(command, keep=keep, launcher=launcher))
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in log.read_text().splitlines()]
    return History(workspace.out, events, {each.id: tree_of(each.folder) for each in list_snapshots(workspace.out)})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path.resolve(), write_versions(tmp_path / "versions"))


def joined(workspace: Workspace, *parts: History) -> History:
    """The history of several commands, one after the other."""
    trees = {id_: tree for part in parts for id_, tree in part.trees.items()}
    return History(workspace.out, [event for part in parts for event in part.events], trees)


@pytest.mark.parametrize("launcher", [(), WITHOUT_LINKS], ids=["links", "no links"])
def test_a_power_cut_after_any_call_leaves_a_whole_snapshot_published(
    workspace: Workspace, launcher: Sequence[str]
) -> None:
    workspace.use_version("a")
    first = run_logged(workspace, 2, *workspace.arguments(), launcher=launcher)
    workspace.use_version("b")
    second = run_logged(workspace, 2, *workspace.arguments(), launcher=launcher)
    back = run_logged(workspace, 2, "rollback", "--out", str(workspace.out), launcher=launcher)
    pruning = run_logged(workspace, 1, *workspace.arguments("--full"), launcher=launcher)
    whole = joined(workspace, first, second, back, pruning)
    assert len(whole.trees) == 3
    links = set() if launcher else {"link"}
    assert {event["event"] for event in whole.events} == {"sync", "rename", "remove", *links}
    assert whole.losses() == []
    if launcher:
        pointers = {event["path"] for event in whole.events if Path(event["path"]).name.startswith(".published.json-")}
        assert len(pointers) == 4
        for pointer in pointers:
            assert whole.without(pointer).losses() != []


def test_a_power_cut_while_a_pointer_becomes_a_link_and_a_link_a_pointer_leaves_a_whole_snapshot(
    workspace: Workspace,
) -> None:
    workspace.use_version("a")
    first = run_logged(workspace, 2, *workspace.arguments(), launcher=WITHOUT_LINKS)
    workspace.use_version("b")
    second = run_logged(workspace, 2, *workspace.arguments())
    back = run_logged(workspace, 2, "rollback", "--out", str(workspace.out), launcher=WITHOUT_LINKS)
    whole = joined(workspace, first, second, back)
    removed = [Path(event["path"]).name for event in whole.events if event["event"] == "remove"]
    assert {*PLACES} < {*removed}
    assert whole.losses() == []
    assert whole.without(str(workspace.out)).losses() != []


def test_every_sync_of_a_first_build_is_needed_but_that_of_the_run_log(workspace: Workspace) -> None:
    workspace.use_version("a")
    build = run_logged(workspace, 1, *workspace.arguments())
    synced = {event["path"] for event in build.events if event["event"] == "sync"}
    files = [path for path in synced if path.endswith((".parquet", ".duckdb", ".json"))]
    assert len(files) == len(build.trees[published(workspace.out).id])
    assert {path for path in synced if not build.without(path).losses()} == {str(workspace.out / "runs.jsonl")}
