"""Compare states out of a history with builds of checkouts, byte for byte: `make history`.

Reads the history of a repository in two parts, as if commits came later, then compares the tidy tables of random
commits, as `frontmart history state` writes them, with those of a build of the checkout. `files` is left out: it has
the times of a folder. Without a repository, generates some of both presets. Exit code: 0 if all tables are equal, 1 if
not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

import polars as pl

from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import published
from tests.few_models import building_few_models
from tests.repositories import SUBFOLDER, check_out, first_parents, git_environment, make_repository, run_git
from tests.sample import build_quietly

_BRANCH = "oracle"
_LEFT_OUT = "files"


@dataclass(frozen=True)
class Case:
    """A repository to read, and how: its folder inside, and the preset, if the files do not decide it."""

    name: str
    repository: Path
    subfolder: str = ""
    preset: str = "auto"


def main(arguments: list[str] | None = None) -> int:
    """Compare states, and print a line for each commit. Returns the exit code."""
    options = _options().parse_args(arguments)
    seed = SystemRandom().randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}: the same again with SEED={seed}", flush=True)  # noqa: T201
    differing = 0
    with tempfile.TemporaryDirectory(prefix="frontmart-history-") as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        given = options.repository
        cases = (
            [Case(given.name, given, options.path, options.preset)]
            if given
            else _generated(folder, seed, options.repositories)
        )
        for number, case in enumerate(cases):
            place = folder / f"case-{number}"
            place.mkdir()
            for commit, problems in compare(case, place, Random(seed), options.commits):
                differing += bool(problems)
                print(f"{case.name} {commit[:12]}: {'; '.join(problems) or 'equal'}", flush=True)  # noqa: T201
    print(f"{differing} of the states differ" if differing else "all states are equal")  # noqa: T201
    return 1 if differing else 0


def compare(case: Case, folder: Path, random: Random, count: int) -> Iterator[tuple[str, list[str]]]:
    """Compare the states of random commits, the first and the last among them -> each commit, and what differs."""
    commits = first_parents(case.repository)
    copy, out = folder / "copy.git", folder / "out"
    run_git("clone", "--quiet", "--bare", str(case.repository), str(copy), cwd=folder)
    for last in (commits[len(commits) // 2], commits[-1]):
        run_git("update-ref", f"refs/heads/{_BRANCH}", last, cwd=copy)
        read_history(copy, out, case)
    preset = read_run(published(out))["preset"]["name"]
    chosen = {commits[0], commits[-1], *random.sample(commits, min(count, len(commits)))}
    for commit in (commit for commit in commits if commit in chosen):
        state, build = folder / f"state-{commit}", folder / f"build-{commit}"
        run_frontmart("history", "state", commit, "--out", str(out), "--output", str(state))
        checkout = check_out(copy, commit, folder / f"checkout-{commit}") / case.subfolder
        checkout.mkdir(parents=True, exist_ok=True)
        with building_few_models():
            build_quietly(checkout, build, allow_empty=True, preset=preset, mapping=None)
        yield commit, differences(published(build).tables, state)


def read_history(repository: Path, out: Path, case: Case) -> None:
    """Read the history of a repository, from where it was read before."""
    words = ["history", str(repository), "--branch", _BRANCH, "--out", str(out), "--preset", case.preset, "--quiet"]
    run_frontmart(*words, *(["--path", case.subfolder] if case.subfolder else []))


def run_frontmart(*words: str) -> None:
    """Run the command line; raises AssertionError with what it wrote if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "frontmart", *words], capture_output=True, text=True, check=False, env=git_environment()
    )
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


def differences(expected: Path, found: Path) -> list[str]:
    """What differs between the tables of two folders: bytes, rows or missing tables."""
    tables = {path.name for folder in (expected, found) for path in folder.glob("*.parquet")} - {f"{_LEFT_OUT}.parquet"}
    problems = []
    for name in sorted(tables):
        one, other = expected / name, found / name
        if not one.exists() or not other.exists():
            problems.append(f"{name} is only in the {'build' if one.exists() else 'state'}")
        elif one.read_bytes() != other.read_bytes():
            frames = pl.read_parquet(one), pl.read_parquet(other)
            kind = "bytes differ, rows are equal" if frames[0].equals(frames[1]) else _rows_that_differ(*frames)
            problems.append(f"{name}: {kind}")
    return problems or ([] if tables else ["no tables"])


def _rows_that_differ(expected: pl.DataFrame, found: pl.DataFrame) -> str:
    if expected.schema != found.schema:
        return f"columns {expected.schema} are {found.schema}"
    columns = expected.columns
    lacking = expected.join(found, on=columns, how="anti", nulls_equal=True).height
    extra = found.join(expected, on=columns, how="anti", nulls_equal=True).height
    return f"{lacking} rows lack, {extra} are extra, of {expected.height}; {found.height} in the state"


def _generated(folder: Path, seed: int, count: int) -> list[Case]:
    cases = []
    for number in range(count):
        preset = ("smartable", "generic")[number % 2]
        object_format = ("sha1", "sha256")[number // 2 % 2]
        path = folder / f"repository-{number}"
        make_repository(path, seed + number, preset=preset, object_format=object_format, bare=number % 3 == 2)
        cases.append(Case(f"{preset} {object_format} {seed + number}", path, preset=preset))
    return [*cases, Case("a subfolder", cases[0].repository, SUBFOLDER, "smartable")]


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Compare states out of a history with builds of checkouts.")
    parser.add_argument("repository", type=Path, nargs="?", help="a repository (default: generated ones)")
    parser.add_argument("--path", default="", help="its subfolder to read")
    parser.add_argument("--preset", default="auto", help="the preset to read it with")
    parser.add_argument("--repositories", type=int, default=4, help="number of generated repositories")
    parser.add_argument("--commits", type=int, default=10, help="number of random commits of each")
    parser.add_argument("--seed", type=int, help="seed of the repositories and commits (default: a random one)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
