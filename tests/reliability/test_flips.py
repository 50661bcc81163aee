"""Flip bits of an output folder: the next ordinary build publishes what a full build gives, and needs no help.

One bit at a random place of a random file, with and without an edit of the source. 12 flips in `make test`, 500 in
`make faults`.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pytest

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.run import Run
from frontmart.snapshots.manifest import find_damage
from frontmart.snapshots.store import published
from tests.reliability.workspace import IS_LONG, Workspace, hashes_of, write_versions
from tests.sample import DEPEND_ON_THE_COPY, DEPEND_ON_THE_PAST, build_quietly

FLIPS = 500 if IS_LONG else 12
# Flips followed by the real command line, which takes a second more to start.
BY_COMMAND = FLIPS // 10


@dataclass(frozen=True)
class Flipping:
    """An output folder with three snapshots, and what full builds of both versions of the source give.

    Attributes:
        workspace: of the damaged copies; its source is replaced as needed.
        intact: the output folder to copy.
        expected: version -> table -> a hash of its content.
    """

    workspace: Workspace
    intact: Path
    expected: Mapping[str, Mapping[str, str]]

    def damaged_copy(self, random: Random) -> str:
        """Copy the output folder and flip one bit in it -> the file, relative to the folder, and the bit."""
        out = self.workspace.out
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(self.intact, out, symlinks=True)
        files = sorted(path for path in out.rglob("*") if path.is_file() and not path.is_symlink())
        # `published` is a link to one of the snapshots, so that its files are not listed twice.
        file = random.choice([path for path in files if path.stat().st_size and path.is_relative_to(out)])
        bit = random.randrange(file.stat().st_size * 8)
        content = bytearray(file.read_bytes())
        content[bit // 8] ^= 1 << bit % 8
        times = file.stat()
        file.write_bytes(content)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        return f"{file.relative_to(out)} bit {bit}"


def content_of(out: Path) -> dict[str, str]:
    """A hash of each Parquet file, and of the rows of each table of the warehouse, that only depend on the source."""
    snapshot = published(out)
    found = hashes_of(snapshot)
    with duckdb.connect(snapshot.warehouse, read_only=True) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name in ('core', 'marts', 'tidy')"
        ).fetchall()
        for (name,) in tables:
            table = name.partition(".")[2]
            is_of_the_past = table in {*DEPEND_ON_THE_PAST, *HISTORY_INPUTS} or table.startswith(
                ("previous_", "changed_")
            )
            if not is_of_the_past and table not in ("runs", "comparison"):
                copied = f"exclude ({', '.join(DEPEND_ON_THE_COPY)})" if table == "files" else ""
                rows = f"(select * {copied} from {name})"
                row = con.execute(
                    f"select count(*), bit_xor(hash(each)), sum(hash(each)) from {rows} as each"
                ).fetchone()
                found[name] = str(row)
    return found


@pytest.fixture(scope="module")
def flipping(tmp_path_factory: pytest.TempPathFactory) -> Flipping:
    folder = tmp_path_factory.mktemp("flips")
    workspace = Workspace(folder, write_versions(folder / "versions"))
    expected = {}
    for version in "ba":
        workspace.use_version(version)
        build_quietly(workspace.source, folder / version)
        expected[version] = content_of(folder / version)
    # Three snapshots; the published one is of version a.
    workspace.use_version("b")
    build_quietly(workspace.source, workspace.out)
    build_quietly(workspace.source, workspace.out, full=True)
    workspace.use_version("a")
    build_quietly(workspace.source, workspace.out)
    return Flipping(workspace, workspace.out.rename(folder / "intact"), expected)


def build_and_warn(workspace: Workspace, by_command: bool, capfd: pytest.CaptureFixture[str]) -> str:
    """Build -> what it wrote to standard error. Fails if the build does."""
    capfd.readouterr()
    if by_command:
        done = workspace.build()
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        return done.stderr
    build_quietly(workspace.source, workspace.out)
    return capfd.readouterr().err


@pytest.mark.parametrize("number", range(FLIPS))
def test_a_flipped_bit_is_never_published_and_healed_by_the_next_build(
    flipping: Flipping, number: int, capfd: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    random, workspace = Random(number), flipping.workspace
    version = "b" if number % 2 else "a"
    workspace.use_version(version)
    place = flipping.damaged_copy(random)
    is_base_damaged = bool(find_damage(published(workspace.out).folder))
    record_property("flipped", f"{'base' if is_base_damaged else place.split()[0].split('/')[0]}")

    errors = build_and_warn(workspace, number < BY_COMMAND, capfd)
    warnings = errors.splitlines()
    assert all(line.startswith("frontmart: warning: ") for line in warnings), errors
    # The history of a damaged snapshot goes on from another one, or begins anew.
    others = [line for line in warnings if "; the history " not in line]
    assert len(others) == 1 if is_base_damaged else len(others) <= 1, (place, errors)
    assert len(warnings) - len(others) <= 1, errors
    assert content_of(workspace.out) == flipping.expected[version], place
    assert find_damage(published(workspace.out).folder) == []
    again: Run = build_quietly(workspace.source, workspace.out)
    assert again.outcome == "unchanged", place
