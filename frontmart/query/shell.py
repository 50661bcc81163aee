"""`frontmart shell`: a prompt on the published warehouse, as safe as `frontmart query`.

Harlequin where it is installed, since it shows the tables beside the query and completes names; else a plain prompt.
DuckDB's own command line is not looked for: what its ~/.duckdbrc does goes before anything that makes it safe.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from frontmart.errors import FrontmartError, UsageError
from frontmart.query.prompt import run_prompt
from frontmart.snapshots.store import published
from frontmart.warehouse.statements import quote_literal

_HARLEQUIN: Final = "harlequin"
# What `open_read_only` sets when it connects, and Harlequin can only be told afterwards.
_SAFE: Final = """
set memory_limit = '1GB';
set temp_directory = {spill};
set autoload_known_extensions = false;
set autoinstall_known_extensions = false;
set enable_external_access = false;
set lock_configuration = true;
"""


def run_shell(out: Path, *, is_plain: bool) -> None:
    """Open a prompt on what an output folder publishes. Raises UsageError where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("a shell needs a terminal; give scripts to: frontmart query -")
    harlequin = None if is_plain else _harlequin()
    if harlequin:
        _run_harlequin(harlequin, published(out).warehouse)
    else:
        run_prompt(out)


def _harlequin() -> str | None:
    """The program: the one beside this Python goes before that on the PATH."""
    beside = Path(sys.executable).parent
    return shutil.which(_HARLEQUIN, path=os.pathsep.join([str(beside), os.environ.get("PATH", os.defpath)]))


def _run_harlequin(program: str, warehouse: Path) -> None:
    with TemporaryDirectory(prefix="frontmart-") as folder:
        script = Path(folder) / "safe.sql"
        script.write_text(_SAFE.format(spill=quote_literal(str(Path(folder) / "spill"))), encoding="utf-8")
        # A profile of the user may be about another database: none is taken.
        options = ["--profile", "None", "--adapter", "duckdb", "--read-only", "--init-path", str(script)]
        # The link is resolved: what is published meanwhile leaves this session alone.
        done = subprocess.run([program, *options, str(warehouse.resolve())], check=False)
    if done.returncode:
        raise FrontmartError(f"{program} ended with exit code {done.returncode}; try: frontmart shell --plain")
