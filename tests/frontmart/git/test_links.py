"""Links are resolved as the system resolves them in a folder, whatever changed before."""

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from frontmart.extract.listing import EXTENSIONS, list_source
from frontmart.git.links import LINK, MODULE, Entry, Links, Outcome

NAMES = ("a", "b", "a.md", "b.md", ".h", "up", "c.md")
FILE = "100644"


def is_listed(path: bytes) -> bool:
    *folders, name = path.decode().split("/")
    return name.endswith(EXTENSIONS) and not any(folder.startswith(".") for folder in folders)


def read(blob_id: str) -> bytes:
    """The id of a link is what it says."""
    return blob_id.encode()


def links_of(entries: dict[bytes, Entry], root: bytes = b"") -> Links:
    return Links(entries.items(), root, lambda path: path.startswith(root) and is_listed(path[len(root) :]), read)


def random_path(random: Random) -> str:
    return "/".join(random.choices(NAMES, k=random.choice((1, 1, 2, 3))))


def random_target(random: Random) -> str:
    parts = random.choices((*NAMES, "..", "..", ".", ""), k=random.choice((1, 2, 3, 4)))
    target = "/".join(parts)
    return target.lstrip("/") or "."


def random_entry(random: Random) -> Entry:
    kind = random.random()
    if kind < 0.6:
        return Entry(LINK, random_target(random))
    return Entry(MODULE, "0") if kind < 0.65 else Entry(FILE, f"{random.randrange(10**9)}")


def fits(path: bytes, entries: dict[bytes, Entry]) -> bool:
    """Whether a path is no folder, and in none that is a file."""
    parts = path.split(b"/")
    above = {b"/".join(parts[:count]) for count in range(1, len(parts))}
    return not above & entries.keys() and not any(each.startswith(path + b"/") for each in entries)


def write(entries: dict[bytes, Entry], folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path, entry in entries.items():
        place = folder / os.fsdecode(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == LINK:
            place.symlink_to(entry.id)
        elif entry.mode == MODULE:
            place.mkdir()
        else:
            place.write_text(entry.id, encoding="utf-8")
    return folder


def outcomes_on_disk(folder: Path) -> dict[bytes, Outcome]:
    found = {}
    for path, error in list_source(folder).select("path", "error").iter_rows():
        if (folder / path).is_symlink():
            found[path.encode()] = (
                Outcome(error=error) if error else Outcome((folder / path).read_text(encoding="utf-8"))
            )
    return found


def listed(links: Links, root: bytes = b"") -> dict[bytes, Outcome]:
    return {path[len(root) :]: outcome for path, outcome in links.outcomes.items() if outcome.is_listed}


@pytest.mark.parametrize("seed", range(12))
def test_links_of_random_trees_lead_where_the_system_follows_them(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    entries: dict[bytes, Entry] = {}
    links = links_of(entries)
    # Deep enough that no link leads above it.
    folder = tmp_path / "1/2/3/4/5/6/7/8/9/10/11/12"
    for _ in range(25):
        changes: list[tuple[bytes, Entry | None]] = []
        for _ in range(random.choice((1, 2, 5))):
            path = random_path(random).encode()
            if path in entries and random.random() < 0.5:
                del entries[path]
                changes.append((path, None))
            elif fits(path, entries):
                entries[path] = random_entry(random)
                changes.append((path, entries[path]))
        before = dict(links.outcomes)
        told = links.apply(changes)
        assert links.outcomes == links_of(entries).outcomes
        assert told == {
            path: links.outcomes.get(path)
            for path in before.keys() | links.outcomes.keys()
            if before.get(path) != links.outcomes.get(path)
        }
        on_disk = outcomes_on_disk(write(entries, folder))
        found = listed(links)
        # What leads out of the tree is an error in both; the system says which only for what is there.
        outside = {path for path, outcome in found.items() if outcome.error and "leads out" in outcome.error}
        assert {path: each for path, each in found.items() if path not in outside} == {
            path: each for path, each in on_disk.items() if path not in outside
        }
        assert all(path not in on_disk or on_disk[path].error for path in outside)


def test_a_link_out_of_the_subfolder_leads_out_of_the_source() -> None:
    entries = {
        b"site/a.md": Entry(LINK, "../notes/a.md"),
        b"site/b.md": Entry(LINK, "../notes/none.md"),
        b"site/c.md": Entry(LINK, "../site/text.txt"),
        b"site/d.md": Entry(LINK, "../notes"),
        b"site/text.txt": Entry(FILE, "1"),
        b"notes/a.md": Entry(FILE, "2"),
        b"notes/b.md": Entry(LINK, "a.md"),
    }
    assert listed(links_of(entries, b"site/"), b"site/") == {
        b"a.md": Outcome(error="a link that leads out of the source"),
        b"b.md": Outcome(error="No such file or directory"),
        b"c.md": Outcome("1"),
    }


def test_as_many_links_are_followed_as_the_system_follows(tmp_path: Path) -> None:
    entries = {f"{number:02d}.md".encode(): Entry(LINK, f"{number + 1:02d}.md") for number in range(45)}
    entries[b"45.md"] = Entry(FILE, "end")
    assert listed(links_of(entries)) == outcomes_on_disk(write(entries, tmp_path / "folder"))
