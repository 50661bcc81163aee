"""The recipes for BI tools speak of files, commands, tables and columns that exist, and of versions that were run."""

import json
import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.__main__ import app
from frontmart.run import Run
from tests.sample import SAMPLE, build_quietly

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "bi"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md")) if path.stem != "README"}
HEADINGS = [
    "Open", "Types", "Refresh after a publish", "Permissions and locks", "Limits", "What was run",
]  # fmt: skip
TABLES = {model.name: model for model in read_models(SQL) if model.layer == "marts" or model.role}
COLUMNS = {column for model in TABLES.values() for column in model.columns}

pages = pytest.mark.parametrize("page", PAGES)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("bi"))


@pytest.fixture(scope="module")
def exports(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in place of /srv, with every export that a page makes; `data` is the output folder."""
    srv = tmp_path_factory.mktemp("srv")
    (srv / "data").symlink_to(sample.out)
    for page in PAGES.values():
        for command in commands(page):
            arguments = shlex.split(command.replace("/srv/", f"{srv}/"))[1:]
            done = CliRunner().invoke(app, [*arguments, "--out", str(sample.out)])
            assert done.exit_code == 0, (command, done.output)
    return srv


def commands(page: str) -> list[str]:
    """The exports that a page makes, in a block or in a sentence."""
    return re.findall(r"(?:^|`)(frontmart export [^`\n]+)", page, re.MULTILINE)


def queries(page: str, kind: str = "") -> list[str]:
    """The SQL of a page: that for the warehouse, or of another kind."""
    return re.findall(rf"^```sql{f' {kind}' if kind else ''}\n(.+?)^```", page, re.MULTILINE | re.DOTALL)


def test_there_is_a_page_for_each_tool_and_the_index_names_it() -> None:
    assert sorted(PAGES) == ["duckdb-ui", "evidence", "excel", "malloy", "metabase", "power-bi", "superset", "tableau"]
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\(([\w-]+)\.md\)", index) == [
        "power-bi", "tableau", "metabase", "superset", "excel", "evidence", "malloy", "duckdb-ui",
    ]  # fmt: skip


@pages
def test_each_page_answers_the_same_questions(page: str) -> None:
    assert re.findall(r"^## (.+)$", PAGES[page], re.MULTILINE) == HEADINGS


@pages
def test_every_file_of_a_page_is_there_after_its_commands(page: str, sample: Run, exports: Path) -> None:
    named = set(re.findall(r"\b((?:published|latest)/[\w./-]*\w|manifest\.json)", PAGES[page]))
    made = [*exports.iterdir()]
    assert named
    for name in named:
        assert any((place / name).exists() for place in (sample.out, *made)), name


@pages
def test_every_table_and_column_of_a_page_is_there(page: str) -> None:
    named = set(re.findall(r"`(\w+_(?:id|at|date|count|share|grain|hhi))`", PAGES[page]))
    assert named <= COLUMNS
    marts = set(
        re.findall(r"\bmarts\.(?!hyper)(\w+)|marts/(\w+)\.parquet|latest/(\w+)\.(?:csv|parquet|arrow)\b", PAGES[page])
    )
    assert {name for names in marts for name in names if name} <= TABLES.keys()


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if queries(text)])
def test_every_query_for_the_warehouse_runs(page: str, sample: Run, exports: Path) -> None:
    with duckdb.connect(sample.out / "published" / "warehouse.duckdb", read_only=True) as connection:
        for sql in queries(PAGES[page]):
            statement = sql.replace("/srv/data/", f"{exports}/data/")
            result = connection.execute(statement).fetchall()
            assert result or not statement.startswith("select"), sql


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if queries(text, "sqlite")])
def test_every_query_for_the_sqlite_export_runs(page: str, exports: Path) -> None:
    with closing(sqlite3.connect(exports / "marts-sqlite" / "latest" / "frontmart.sqlite")) as connection:
        for sql in queries(PAGES[page], "sqlite"):
            assert connection.execute(sql).fetchall(), sql


def test_versions_that_are_said_to_have_been_run_are_those_of_the_locks() -> None:
    lock = (ROOT / "tests" / "bi" / "requirements.lock").read_text(encoding="utf-8")
    package = json.loads((ROOT / "docs" / "bi" / "evidence-example" / "package.json").read_text(encoding="utf-8"))
    said = {
        (name, version)
        for page in PAGES.values()
        for name, version in re.findall(r"(?<![/\w])([a-z-]+) (\d+(?:\.\d+)+)\b", page.partition("## What was run")[2])
        if f"\n{name}==" in f"\n{lock}"
    }
    assert {name for name, _ in said} >= {"apache-superset", "datasette", "duckdb-engine", "tableauhyperapi"}
    assert not [(name, version) for name, version in said if f"\n{name}=={version} " not in lock.replace("\\", "")]
    malloy = json.loads((ROOT / "tests" / "bi" / "malloy" / "package.json").read_text(encoding="utf-8"))
    assert f"@malloydata/malloy {malloy['dependencies']['@malloydata/malloy']}" in PAGES["malloy"]
    assert f"@evidence-dev/duckdb {package['dependencies']['@evidence-dev/duckdb']}" in PAGES["evidence"]


def test_the_program_for_tableau_is_the_one_that_was_run() -> None:
    tested = (ROOT / "tests" / "bi" / "test_tableau.py").read_text(encoding="utf-8")
    lines = PAGES["tableau"].partition("```py\n")[2].partition("```")[0].splitlines()
    program = [line.partition("  #")[0].strip() for line in lines if line]
    assert len(program) == 9
    assert [line for line in program if line not in tested] == []
