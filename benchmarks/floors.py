"""The floors: lower bounds for the time of any build. Usage: `read FOLDER`, `walk FOLDER` or `start`."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor


def walk(folder: str) -> Iterator[str]:
    """The path of every file below a folder, after a stat of it."""
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    entry.stat()
                    yield entry.path


def read_all(paths: list[str]) -> int:
    """Read every byte of some files once -> the number of bytes."""
    size = 0
    for path in paths:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a Path per file would add to the measured time
            size += len(file.read())
    return size


def read(folder: str) -> int:
    """Read every byte below a folder once, with one process per core -> the number of bytes."""
    paths, workers = list(walk(folder)), len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(workers) as pool:
        return sum(pool.map(read_all, [paths[first::workers] for first in range(workers)]))


def start() -> None:
    """Import the libraries that a build needs, and do nothing else."""
    import duckdb  # noqa: F401
    import polars  # noqa: F401
    import typer  # noqa: F401


def main(floor: str, folder: str = "") -> None:
    """Run the floor of that name."""
    if floor == "read":
        read(folder)
    elif floor == "walk":
        sum(1 for _ in walk(folder))
    elif floor == "start":
        start()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
