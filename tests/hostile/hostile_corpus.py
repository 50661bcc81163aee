"""A corpus of hostile files: too large, too deep, badly named, linked, unreadable, or not files at all.

Small files come from tests/fixtures, one defect each. Files too large to commit, and those whose defect is a property
of the file system, are written here. Each comes with its expected outcome: document, skipped, or the reason of a
reject.
"""

import json
import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
FRONT: Final = "---\ntitle: Ferry\n---\n"
Expected = dict[str, str]


def write_hostile_corpus(folder: Path) -> Expected:
    """Write the corpus. Returns path -> expected outcome, for a reader without root's right to ignore modes."""
    folder.mkdir()
    expected: Expected = {}
    for write in (_fixtures, _large_files, _names, _links, _special_files, _unreadable_files, _deep_folders):
        expected |= write(folder)
    return expected


def _fixtures(folder: Path) -> Expected:
    expected: Expected = {}
    (folder / "fixtures").mkdir()
    for expectation in FIXTURES.glob("*.expected.json"):
        wanted = json.loads(expectation.read_text(encoding="utf-8"))
        (file,) = (path for path in FIXTURES.glob(f"{expectation.name.split('.')[0]}.*") if path != expectation)
        shutil.copy(file, folder / "fixtures")
        expected[f"fixtures/{file.name}"] = wanted.get("reason") or wanted["outcome"]
    return expected


def _lines(line: str, count: int) -> str:
    return "".join(line.replace("#", str(number)) + "\n" for number in range(count))


def _laughs() -> str:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "---\n" + "\n".join(lines) + "\n---\n"


def _deep(opening: str, closing: str) -> str:
    return opening * 100_000 + closing * 100_000


_LARGE: Final[dict[str, tuple[Callable[[], str], str]]] = {
    "billion_laughs.md": (_laughs, "too_many_aliases"),
    "aliases_of_a_text.md": (lambda: f"---\na: &a {'x' * 400_000}\nb: [{'*a,' * 99_000}]\n---\n", "too_many_aliases"),
    "depth_of_100000.md": (lambda: f"---\na: {_deep('[', ']')}\n---\n", "too_deep"),
    "depth_of_100000_mappings.md": (lambda: f"---\na: {_deep('{a: ', '}')}\n---\n", "too_deep"),
    "depth_of_90000_dashes.md": (lambda: f"---\na:\n {'-  ' * 90_000}x\n---\n", "too_deep"),
    "depth_of_100000_in_json.md": (lambda: f'{{"a": {_deep("[", "]")}}}\n', "too_deep"),
    "depth_of_100000_in_toml.md": (lambda: f"+++\na = {_deep('[', ']')}\n+++\n", "too_deep"),
    "key_of_100000_parts_in_toml.md": (lambda: f"+++\n{'a.' * 100_000}a = 1\n+++\n", "too_deep"),
    "text_of_10_megabytes.md": (lambda: f"---\ntitle: {'x' * 10_000_000}\n---\n", "too_large"),
    "text_of_10_megabytes_in_json.md": (lambda: f'{{"title": "{"x" * 10_000_000}"}}\n', "too_large"),
    "a_million_keys.md": (lambda: f"---\n{_lines('k#: 1', 1_000_000)}---\n", "too_large"),
    "a_hundred_thousand_and_one_keys.md": (lambda: f"---\n{_lines('#: 1', 100_001)}---\n", "too_many_values"),
    "empty_items.md": (lambda: "---\ntopics:\n" + "-\n" * 90_000 + "---\n", "document"),
    "ten_thousand_topics.md": (lambda: f"---\ntopics:\n{_lines('- t#', 10_000)}---\n", "document"),
    "ten_thousand_and_one_topics.md": (lambda: f"---\ntopics:\n{_lines('- t#', 10_001)}---\n", "document"),
    "number_in_base_60_of_a_megabyte.md": (lambda: f"---\na: !!int {'1:' * 400_000}1\n---\n", "invalid_yaml"),
    "number_of_900000_digits_in_toml.md": (lambda: f"+++\na = {'1' * 900_000}\n+++\n", "invalid_toml"),
    "fence_and_comments_alone.md": (lambda: "---\n" + "#\n" * 2_000_000, "skipped"),
    "body_of_4_megabytes.md": (lambda: FRONT + "a " * 2_000_000, "document"),
    "brackets_of_a_template.html": (lambda: "{{ " * 100_000, "skipped"),
}  # fmt: skip


def _large_files(folder: Path) -> Expected:
    (folder / "large").mkdir()
    for name, (content, _) in _LARGE.items():
        (folder / "large" / name).write_text(content())
    with (folder / "large" / "a_gigabyte.md").open("wb") as sparse:
        sparse.write(FRONT.encode())
        sparse.truncate(10**9)
    return {"large/a_gigabyte.md": "too_large"} | {f"large/{name}": reason for name, (_, reason) in _LARGE.items()}


# Bytes of a file name that is not UTF-8 -> how tables show it. Other names are shown as they are.
_RAW: Final = {b"\xff.md": "\\xff.md", b"caf\xe9\\.md": "caf\\xe9\\\\.md", b"\xff\\xff.md": "\\xff\\\\xff.md"}
_NAMES: Final = (
    *("CON.md", "nul.txt", "com1.html", "trailing dot. .md", " leading.md", "a:b*c?.md", "..md", "-rf.md", "~.md"),
    *("new\nline.md", "\x1b[31mred.md", "\x07bell.md", "\u202egnp.md", "zero\u200bwidth.md", "\\xff.md", "\\.md"),
    *("'; drop table files; --.md", "<script>.md", "=HYPERLINK(1).md", "%s%n.md", "x" * 252 + ".md"),
    *("e\u0301.md", "\u00e9.md", "E\u0301.md"),
)  # fmt: skip


def _names(folder: Path) -> Expected:
    (folder / "names").mkdir()
    for name in _NAMES:
        (folder / "names" / name).write_text(FRONT)
    for raw in _RAW:
        (folder / "names" / os.fsdecode(raw)).write_text(FRONT)
    paths = [*(f"names/{name}" for name in _NAMES), *(f"./names/{shown}" for shown in _RAW.values())]
    return dict.fromkeys(paths, "document")


def _links(folder: Path) -> Expected:
    links = folder / "links"
    (links / "folder").mkdir(parents=True)
    (links / "folder" / "kept.md").write_text(FRONT)
    (folder.parent / "private.md").write_text(FRONT)
    for name, target in {
        "inside.md": "folder/kept.md",
        "out.md": "../../private.md",
        "root.md": "/etc/hostname",
        "nowhere.md": "nowhere",
        "itself.md": "itself.md",
        "one.md": "other.md",
        "other.md": "one.md",
        "device.md": "/dev/zero",
        "memory.md": "/proc/self/mem",
        "folder/up": "..",
        "folder.md": "folder",
        "away": "../..",
    }.items():
        (links / name).symlink_to(target)
    expected = dict.fromkeys(("links/folder/kept.md", "links/inside.md"), "document")
    refused = ("out", "root", "nowhere", "itself", "one", "other", "device", "memory")
    return expected | {f"links/{name}.md": "unreadable" for name in refused}


def _special_files(folder: Path) -> Expected:
    special = folder / "special"
    (special / "folder.md").mkdir(parents=True)
    os.mkfifo(special / "fifo.md")
    (special / "link_to_fifo.md").symlink_to("fifo.md")
    made = ["fifo.md", "link_to_fifo.md"]
    listening = socket.socket(socket.AF_UNIX)
    # The address of a socket has at most 108 characters, and the path of a test folder is longer.
    descriptor = os.open(special, os.O_RDONLY | os.O_DIRECTORY)
    try:
        listening.bind(f"/proc/self/fd/{descriptor}/socket.md")
    finally:
        os.close(descriptor)
        listening.close()
    try:
        os.mknod(special / "device.md", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:  # needs root, and in some containers not even root may
        pass
    else:
        made.append("device.md")
    return dict.fromkeys((f"special/{name}" for name in (*made, "socket.md")), "unreadable")


def _unreadable_files(folder: Path) -> Expected:
    locked = folder / "locked"
    (locked / "folder").mkdir(parents=True)
    (locked / "folder" / "unseen.md").write_text(FRONT)
    (locked / "file.md").write_text(FRONT)
    (locked / "file.md").chmod(0)
    (locked / "folder").chmod(0)
    return {"locked/file.md": "unreadable", "locked/folder/": "unreadable"}


_DEEP: Final = "deep"
_DEEP_NAME: Final = "d" * 250


def _deep_folders(folder: Path) -> Expected:
    """Nested folders whose path is longer than the system accepts."""
    (folder / _DEEP).mkdir()
    above = os.open(folder / _DEEP, os.O_RDONLY)
    for _ in range(17):
        os.mkdir(_DEEP_NAME, dir_fd=above)
        inner = os.open(_DEEP_NAME, os.O_RDONLY, dir_fd=above)
        os.close(above)
        above = inner
    os.close(above)
    return {first_too_long(folder): "unreadable"}


def first_too_long(folder: Path) -> str:
    """The path of the first nested folder that is too long, for a corpus in `folder`."""
    path = _DEEP
    while len(f"{folder}/{path}") < 4_096:  # with the terminating zero
        path += f"/{_DEEP_NAME}"
    return f"{path}/"
