"""The real command line, each call recorded that a power cut may undo: `python -m tests.reliability.recorded LOG ...`.

An event a line, as JSON: `sync` with what reached the disk by it (the content of a file, the names in a folder), and
`rename`, `link`, `remove` with their paths. What DuckDB and Polars write is no event, but what is in a file when it is
synced is seen there. The order is that of the calls, whichever thread makes them.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from frontmart.snapshots.manifest import hash_file

_lock = Lock()


def main() -> None:
    """Run the command line, and append to the log."""
    # Imported first: shutil asks which functions of the system there are.
    from frontmart.cli.__main__ import main as run
    from frontmart.snapshots import store as snapshots  # noqa: F401

    log = Path(sys.argv.pop(1))

    def note(**event: Any) -> None:
        with log.open("a") as file:
            file.write(json.dumps(event) + "\n")

    def recording(name: str, event: Callable[..., dict[str, Any]]) -> None:
        real = getattr(os, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with _lock:
                told = event(*args, **kwargs)  # before: what is removed can be named no more
                result = real(*args, **kwargs)
                note(**told)
            return result

        setattr(os, name, call)

    recording("fsync", _synced)
    for name in ("rename", "replace"):
        recording(name, lambda source, target: {"event": "rename", "path": _path(source), "to": _path(target)})
    recording("symlink", lambda target, path, *_: {"event": "link", "path": _path(path), "to": str(target)})
    for name in ("unlink", "remove", "rmdir"):
        recording(name, lambda path, *, dir_fd=None: {"event": "remove", "path": _path(path, dir_fd)})

    run()


def _path(path: Any, folder: int | None = None) -> str:
    return str((Path.cwd() if folder is None else _opened(folder)) / path)


def _opened(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}").readlink()


def _synced(descriptor: int) -> dict[str, Any]:
    path = _opened(descriptor)
    told = {"event": "sync", "path": str(path), "inode": path.stat().st_ino}
    return told | ({"names": names_of(path)} if path.is_dir() else {"sha256": hash_file(path)})


def names_of(folder: Path) -> dict[str, int]:
    """The names in a folder, with the file that each stands for."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries}


if __name__ == "__main__":
    main()
