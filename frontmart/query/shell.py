"""`frontmart shell`: the published warehouse in harlequin, in the same sandbox as `frontmart query`."""

import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from frontmart.errors import FrontmartError, UsageError
from frontmart.snapshots.store import published

_HARLEQUIN: Final = "harlequin"
_ADAPTER: Final = "frontmart"
_ENTRY_POINT: Final = "frontmart.query.harlequin_adapter:SandboxAdapter"
# Without the user's ~/.duckdbrc, which would run before anything that makes the session safe. Safe mode leaves the path
# of the warehouse, which COPY can overwrite; without the local file system there is none, and nothing can be spilled.
_NO_FILES: Final = "set temp_directory=''; set enable_external_access=false; set disabled_filesystems='LocalFileSystem'"
_DUCKDB: Final = f'duckdb -readonly -init /dev/null -cmd "{_NO_FILES}" -cmd .safe_mode'


def run_shell(out: Path) -> None:
    """Open the published snapshot in harlequin and wait until the user quits it.

    The link to the published snapshot is resolved first, so that a publish does not change a running session.

    Raises:
        UsageError: if standard input or output is not a terminal.
        FrontmartError: if harlequin is not installed or fails.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("a shell needs a terminal; in a script, use: frontmart query -")
    warehouse = published(out).warehouse.resolve()
    if find_spec(_HARLEQUIN) is None:
        install = "run pip install 'frontmart[shell]'"
        raise FrontmartError(f"harlequin is not installed; {install}, or use DuckDB's shell: {duckdb_shell(warehouse)}")
    _run_harlequin(warehouse)


def duckdb_shell(warehouse: Path) -> str:
    """The command that opens a warehouse in DuckDB's own shell, read-only and without access to files."""
    return f"{_DUCKDB} {shlex.quote(str(warehouse))}"


def _run_harlequin(warehouse: Path) -> None:
    with TemporaryDirectory(prefix="frontmart-") as folder:
        _declare_adapter(Path(folder))
        paths = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
        # No profile: one of the user may name another database.
        options = ["--profile", "None", "--adapter", _ADAPTER]
        command = [sys.executable, "-m", _HARLEQUIN, *options, str(warehouse)]
        done = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": paths})
    if done.returncode:
        message = f"{_HARLEQUIN} ended with exit code {done.returncode}"
        raise FrontmartError(f"{message}; DuckDB's shell also opens the warehouse: {duckdb_shell(warehouse)}")


def _declare_adapter(folder: Path) -> None:
    """Write the metadata by which harlequin finds the adapter, for this session alone: others keep their adapters."""
    metadata = folder / "frontmart_shell-0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: frontmart-shell\nVersion: 0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(f"[harlequin.adapter]\n{_ADAPTER} = {_ENTRY_POINT}\n", encoding="utf-8")
