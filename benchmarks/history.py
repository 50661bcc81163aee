"""Measure `frontmart history`: `python -m benchmarks.history`, or `make bench-history`.

Beside it, on a sample of the versions and extrapolated to all: `git show` and python-frontmatter, a process for each
version, as a script of a few lines does it; and git-history on one file, if it is installed in `.venv-bench`. CPU
seconds of all processes count, since other work on the machine does not change them much.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.measure import Measurement, measure
from tests.repositories import git_environment, make_repository

ROOT: Final = Path(__file__).parents[1]
_RIVAL: Final = ROOT / ".venv-bench" / "bin" / "git-history"
_SAMPLE: Final = 300
# Reads the versions of a repository as a script would: arguments are the repository and how many of them.
_PLAIN: Final = """
import subprocess, sys
import frontmatter
repository, most = sys.argv[1], int(sys.argv[2])
words = ["git", "-C", repository, "log", "--first-parent", "--raw", "--no-renames", "--no-abbrev", "--format="]
lines = subprocess.run(words, capture_output=True, check=True, text=True, errors="replace").stdout.splitlines()
rows = [line.split() for line in lines if line.startswith(":")]
blobs = [row[3] for row in rows if row[1] not in ("160000", "000000")]
step = max(1, len(blobs) // most)
for blob in blobs[::step][:most]:
    done = subprocess.run(["git", "-C", repository, "show", blob], capture_output=True, check=True)
    try:
        frontmatter.loads(done.stdout.decode("utf-8", "replace"))
    except Exception:
        pass
print(len(blobs), len(blobs[::step][:most]))
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a repository, read it by each tool, and print the seconds and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="frontmart-bench-") as name:
        folder = Path(name)
        repository = make_repository(folder / "repository", given.seed, given.commits, given.files)
        versions = _count_versions(repository)
        print(f"{versions:,} writes of files in {given.commits:,} commits")  # noqa: T201 (the result)
        out = folder / "out"
        words = [
            sys.executable,
            "-m",
            "frontmart",
            "history",
            "--preset",
            "smartable",
            str(repository),
            "--out",
            str(out),
            "--quiet",
        ]
        ours = measure([*words, "--allow-loss"], folder)
        _show("frontmart history", ours, versions, ours.cpu_seconds)
        again = measure([*words, "--allow-loss"], folder)
        _show("frontmart history, again without a new commit", again, versions, ours.cpu_seconds)
        taken = min(_SAMPLE, versions)
        plain = measure([sys.executable, "-c", _PLAIN, str(repository), str(taken)], folder)
        _show(
            f"git show and python-frontmatter ({taken:,} of them)", plain, versions, ours.cpu_seconds, versions / taken
        )
        _measure_rival(repository, folder, versions, ours.cpu_seconds)


def _count_versions(repository: Path) -> int:
    words = ["git", "log", "--first-parent", "--raw", "--no-renames", "--format="]
    done = subprocess.run(words, cwd=repository, capture_output=True, check=True, env=git_environment())
    return sum(line.startswith(b":") for line in done.stdout.splitlines())


def _measure_rival(repository: Path, folder: Path, versions: int, ours: float) -> None:
    """Measure git-history on the file that was written most often, extrapolated to all writes."""
    if not _RIVAL.exists():
        print("git-history: not installed; `.venv-bench/bin/pip install git-history` adds it")  # noqa: T201
        return
    words = ["git", "log", "--first-parent", "--format=", "--name-only", "--", "*.md"]
    done = subprocess.run(words, cwd=repository, capture_output=True, check=True, env=git_environment())
    names = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line]
    name = max(sorted(set(names)), key=names.count)
    if shutil.which("git") is None or not (repository / name).exists():
        print(f"git-history: {name} is not in the worktree")  # noqa: T201
        return
    convert = "import frontmatter; return [{'id': 1, 'front': str(frontmatter.loads(content.decode()).metadata)}]"
    database = folder / "rival.db"
    command = [
        str(_RIVAL),
        "file",
        str(database),
        str(repository / name),
        "--repo",
        str(repository),
        "--convert",
        convert,
    ]
    one = measure(command, folder)
    count = names.count(name)
    _show(f"git-history, one file of {count:,} versions", one, versions, ours, versions / count)


def _show(name: str, one: Measurement, versions: int, ours: float, factor: float = 1.0) -> None:
    if one.failure:
        print(f"{name}: failed: {one.failure}")  # noqa: T201
        return
    seconds = one.cpu_seconds * factor
    guess = " extrapolated" if factor > 1 else ""
    print(  # noqa: T201
        f"{name}: {seconds:,.1f} CPU seconds{guess}, {one.seconds * factor:,.1f} s, "
        f"{one.peak_bytes / 1024**2:,.0f} MiB, {versions / seconds:,.0f} writes a CPU second, {seconds / ours:.2f} x"
    )


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
