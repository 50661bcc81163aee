"""The contenders: Frontmart, its rivals and the floors, each a command that runs as a process."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import frontmatter
from yaml import YAMLError

ROOT: Final = Path(__file__).parent.parent
RIVALS_PYTHON: Final = ROOT / ".venv-bench" / "bin" / "python"
MARKDOWNDB: Final = ROOT / "benchmarks" / "rivals" / "markdowndb"

FIRST: Final = "Frontmart, first build"
UNCHANGED: Final = "Frontmart, second build, nothing changed"
CHANGED: Final = "Frontmart, build with 1 percent changed"
PANDAS: Final = "python-frontmatter + pandas"
POLARS: Final = "python-frontmatter + polars"
DLT: Final = "dlt to DuckDB"
MARKDOWNDB_NAME: Final = "MarkdownDB to SQLite"
START: Final = "floor: start Python with the libraries"
WALK: Final = "floor: walk and stat every file"
READ: Final = "floor: read every byte once"

CHANGED_SHARE: Final = 0.01
EDITED: Final = "Edition"

Command = Callable[[Path, Path], list[str | Path]]


@dataclass(frozen=True)
class Contender:
    """A contender. `command` takes the corpus and the folder to write to, and returns the command line.

    If it `follows` another contender, it gets the output folder of that one. `prepare` is called before each run, with
    the corpus and the number of the round, and returns how many files it changed; its time is not measured.
    """

    name: str
    command: Command
    follows: str | None = None
    prepare: Callable[[Path, int], int] | None = None
    env: Mapping[str, str] = field(default_factory=dict)


def frontmart(source: Path, out: Path) -> list[str | Path]:
    """The command line of a build, as a schedule runs it."""
    return [Path(sys.executable).parent / "frontmart", "build", source, "--out", out, "--quiet"]


def _rival(script: str) -> Command:
    return lambda source, out: [RIVALS_PYTHON, "-m", f"benchmarks.rivals.{script}", source, out]


def _markdowndb(source: Path, out: Path) -> list[str | Path]:
    return ["node", MARKDOWNDB / "build.mjs", source, out]


def _floor(name: str) -> Command:
    return lambda source, _: [sys.executable, "-m", "benchmarks.floors", name, source]


def edit_titles(source: Path, edition: int) -> int:
    """Change the titles of one percent of the files, spread over the corpus -> the number of files changed."""
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(source) for name in names)  # noqa: PTH118
    wanted = round(len(paths) * CHANGED_SHARE)
    edited = 0
    # Not every file has a title in quotes, so there are twice as many candidates.
    for path in paths[:: round(0.5 / CHANGED_SHARE)]:
        if edited < wanted:
            edited += _edit_title(Path(path), edition)
    return edited


def _edit_title(path: Path, edition: int) -> bool:
    """Edit the title of a file, unless python-frontmatter does not read the new title: a broken file, or two titles."""
    marker = f"{EDITED} {edition}: "
    try:
        before = path.read_bytes().decode()
        after = re.sub(rf'(?m)^title: "(?:{EDITED} \d+: )?', f'title: "{marker}', before, count=1)
        is_read = str(frontmatter.loads(after).metadata.get("title")).startswith(marker)
    except (YAMLError, ValueError):
        return False
    if is_read:
        path.write_bytes(after.encode())
    return is_read


FRONTMART: Final = (
    Contender(FIRST, frontmart),
    Contender(UNCHANGED, frontmart, follows=FIRST),
    Contender(CHANGED, frontmart, follows=FIRST, prepare=edit_titles),
)
RIVALS: Final = (
    Contender(PANDAS, _rival("frontmatter_pandas")),
    Contender(POLARS, _rival("frontmatter_polars")),
    Contender(DLT, _rival("dlt_duckdb"), env={"RUNTIME__DLTHUB_TELEMETRY": "false"}),
    Contender(MARKDOWNDB_NAME, _markdowndb),
)
SLOW_RIVALS: Final = RIVALS[2:]
FLOORS: Final = (
    Contender(START, _floor("start")),
    Contender(WALK, _floor("walk")),
    Contender(READ, _floor("read")),
)


def missing() -> dict[str, str]:
    """The rivals that are not installed: name -> reason."""
    reasons = {}
    if not RIVALS_PYTHON.exists():
        reasons = dict.fromkeys((PANDAS, POLARS, DLT), "its environment is not installed: make setup-bench")
    if not shutil.which("node"):
        reasons[MARKDOWNDB_NAME] = "Node.js is not installed"
    elif not (MARKDOWNDB / "node_modules" / "mddb").exists():
        reasons[MARKDOWNDB_NAME] = "npm could not install it"
    return reasons
