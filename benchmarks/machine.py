"""The machine and the versions of a benchmark run, without names of hosts or folders."""

import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Final

from benchmarks.contenders import MARKDOWNDB, RIVALS_PYTHON, missing

OURS: Final = ("frontmart", "duckdb", "polars", "rapidyaml", "pyarrow")
RIVALS: Final = ("python-frontmatter", "pyyaml", "pandas", "polars", "pyarrow", "dlt", "duckdb")
_ASK: Final = "import sys, importlib.metadata as m; print(*(m.version(name) for name in sys.argv[1:]))"


def machine() -> dict[str, str]:
    """The processor, the number of usable cores, the memory, the system and the load average."""
    return {
        "CPU": _field("/proc/cpuinfo", "model name"),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "load before the run": f"{os.getloadavg()[0]:.1f}",
    }


def versions() -> dict[str, str]:
    """Versions of Python, Frontmart, the rivals and their main libraries."""
    found = {"Python": platform.python_version(), "Frontmart": _listed({name: metadata.version(name) for name in OURS})}
    if RIVALS_PYTHON.exists():
        # Our own interpreter and script.
        asked = subprocess.run([RIVALS_PYTHON, "-c", _ASK, *RIVALS], capture_output=True, text=True, check=True)
        found["rivals"] = _listed(dict(zip(RIVALS, asked.stdout.split(), strict=True)))
    if not any("MarkdownDB" in name for name in missing()):
        package = json.loads((MARKDOWNDB / "node_modules" / "mddb" / "package.json").read_text(encoding="utf-8"))
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        found["MarkdownDB"] = f"mddb {package['version']}, Node.js {node.stdout.strip()}"
    return found


def _listed(named: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in named.items())


def _field(path: str, name: str) -> str:
    lines = (line.partition(":") for line in Path(path).read_text(encoding="utf-8").splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "unknown")
