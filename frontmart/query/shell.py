"""`frontmart shell`: the published warehouse in harlequin, in the same sandbox as `frontmart query`."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from frontmart.errors import FrontmartError, UsageError
from frontmart.snapshots.store import published
from frontmart.warehouse.read_only import sandbox_settings
from frontmart.warehouse.statements import quote_literal

_HARLEQUIN: Final = "harlequin"
# DuckDB's own shell without the user's ~/.duckdbrc, which would run before anything that makes the session safe.
_DUCKDB: Final = "duckdb -readonly -safe -init /dev/null"


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
    # The program installed with this Python takes precedence over one on the PATH.
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    program = shutil.which(_HARLEQUIN, path=os.pathsep.join(folders))
    if program is None:
        install = "run pip install 'frontmart[shell]'"
        raise FrontmartError(f"harlequin is not installed; {install}, or use DuckDB's shell: {duckdb_shell(warehouse)}")
    _run_harlequin(program, warehouse)


def duckdb_shell(warehouse: Path) -> str:
    """The command that opens a warehouse in DuckDB's own shell, read-only and without access to other files."""
    return f"{_DUCKDB} {shlex.quote(str(warehouse))}"


def _run_harlequin(program: str, warehouse: Path) -> None:
    with TemporaryDirectory(prefix="frontmart-") as folder:
        script = Path(folder) / "sandbox.sql"
        # Harlequin connects with settings of its own; a script that it runs first applies those of the sandbox.
        settings = sandbox_settings(str(Path(folder) / "spill"))
        statements = (f"set {name} = {quote_literal(str(value))};\n" for name, value in settings.items())
        script.write_text("".join(statements), encoding="utf-8")
        # No profile: one of the user may name another database.
        options = ["--profile", "None", "--adapter", "duckdb", "--read-only", "--init-path", str(script)]
        done = subprocess.run([program, *options, str(warehouse)], check=False)
    if done.returncode:
        message = f"{program} ended with exit code {done.returncode}"
        raise FrontmartError(f"{message}; DuckDB's shell also opens the warehouse: {duckdb_shell(warehouse)}")
