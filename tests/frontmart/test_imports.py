"""Libraries that a build in a process of its own imports: each takes time that a small build has little of."""

import subprocess
import sys
from pathlib import Path

from tests.sample import AS_OF

# Each takes a tenth of a second or more.
SLOW = (
    *("altair", "asyncio", "dataframely", "numpy.ma", "pandas", "prefect", "pyarrow.compute", "pydantic_settings"),
    *("rich", "sqlalchemy", "sqlglot"),
)
SCRIPT = f"""
import sys
from frontmart.cli.__main__ import app
try:
    app(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
assert {{"duckdb", "polars", "transforms.events.group"}} <= sys.modules.keys()
print([name for name in {SLOW!r} if name in sys.modules])
"""
NEWS = "---\ntitle: {title}\ntype: article\ndatePublished: 2026-01-0{day}\nurl: https://a.example/{day}\n---\n"


def test_a_build_imports_none_of_the_slow_libraries_that_it_can_do_without(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for day in (1, 2, 3):
        (source / f"{day}.md").write_text(NEWS.format(title=f"Bridge {day} opens", day=day), encoding="utf-8")
    command = [sys.executable, "-c", SCRIPT, "build", source, "--out", tmp_path / "out", "--as-of", AS_OF, "--json"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["[]"]), done.stderr
