"""Run the real command line and log the system calls that a power cut may undo.

`python -m tests.reliability.syscall_log LOG ...` appends one JSON object per call: `sync` with what it made durable
(the hash of a file, or the names in a folder), and `rename`, `link` and `remove` with their paths. Writes by DuckDB and
Polars are not logged; the content of a file is logged when it is synced. Calls are in order across threads.
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
    """Run the command line, and append its calls to the log."""
    # Imported first: shutil looks up functions of os when it is imported.
    from frontmart.cli.__main__ import main as run
    from frontmart.snapshots import store as snapshots  # noqa: F401
    from tests.few_models import use_few_models_if_asked

    use_few_models_if_asked(os.environ)
    log = Path(sys.argv.pop(1))

    def write(**event: Any) -> None:
        with log.open("a") as file:
            file.write(json.dumps(event) + "\n")

    def log_calls_of(name: str, describe: Callable[..., dict[str, Any]]) -> None:
        real = getattr(os, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with _lock:
                event = describe(*args, **kwargs)  # before the call: a removed file has no path any more
                result = real(*args, **kwargs)
                write(**event)
            return result

        setattr(os, name, call)

    log_calls_of("fsync", _sync_event)
    for name in ("rename", "replace"):
        log_calls_of(name, _rename_event)
    log_calls_of("symlink", lambda target, path, *_: {"event": "link", "path": _path(path), "to": str(target)})
    for name in ("unlink", "remove", "rmdir"):
        log_calls_of(name, lambda path, *, dir_fd=None: {"event": "remove", "path": _path(path, dir_fd)})

    run()


def _rename_event(source: Any, target: Any) -> dict[str, Any]:
    """The event of a rename, with the inode and, for the pointer to the published snapshot, its id."""
    event = {"event": "rename", "path": _path(source), "to": _path(target), "inode": Path(source).lstat().st_ino}
    is_pointer = Path(target).name == "published.json"
    return event | ({"names": json.loads(Path(source).read_bytes())["snapshot_id"]} if is_pointer else {})


def _path(path: Any, folder: int | None = None) -> str:
    return str((Path.cwd() if folder is None else _path_of(folder)) / path)


def _path_of(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}").readlink()


def _sync_event(descriptor: int) -> dict[str, Any]:
    path = _path_of(descriptor)
    event = {"event": "sync", "path": str(path), "inode": path.stat().st_ino}
    return event | ({"names": names_in(path)} if path.is_dir() else {"sha256": hash_file(path)})


def names_in(folder: Path) -> dict[str, int]:
    """The inode of each name in a folder."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries}


if __name__ == "__main__":
    main()
