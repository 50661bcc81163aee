"""The built wheel, installed in a separate environment: its content, and the commands outside of the repository."""

import json
import subprocess
import sys
from email.parser import Parser
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest

from frontmart.catalog.sql_folder import SQL
from frontmart.settings import Settings
from frontmart.snapshots.fingerprint import fingerprint
from tests.installed import ROOT, Installation, environment, write_many
from tests.sample import AS_OF, SAMPLE

DAY = AS_OF.isoformat()


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def test_the_wheel_holds_every_module_and_page_file_and_the_sql_inside_of_frontmart(installation: Installation) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "flows", "frontmart", "transforms", "sql"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    tracked = [path for path in listed.stdout.splitlines() if (ROOT / path).exists()]
    assert len(tracked) > 200
    assert installation.files == {f"frontmart/{path}" if path.startswith("sql/") else path for path in tracked}
    assert {"frontmart/py.typed", "frontmart/report/page/report.html.jinja"} <= installation.files


def test_the_metadata_names_the_licence_the_authors_and_the_extras(installation: Installation) -> None:
    metadata = Parser().parsestr(installation.metadata("METADATA"))
    assert metadata["Author"] == "The Frontmart developers"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("Provides-Extra") == ["dask", "dev", "lineage", "mcp", "notebook", "prefect", "shell"]
    assert installation.metadata("licenses/LICENSE") == (ROOT / "LICENSE").read_text()
    assert installation.metadata("entry_points.txt").split() == [
        "[console_scripts]", "frontmart", "=", "frontmart.cli.__main__:main",
    ]  # fmt: skip


def test_the_commands_work_in_an_empty_folder(installation: Installation, empty_folder: Path) -> None:
    def frontmart(*arguments: str | Path) -> str:
        return installation.run("frontmart", *arguments, cwd=empty_folder).stdout

    assert frontmart("--version") == f"frontmart {version('frontmart')}\n"
    built = json.loads(frontmart("build", SAMPLE, "--as-of", DAY, "--json"))
    assert (built["outcome"], built["files"]["seen"]) == ("published", 200)
    assert (empty_folder / json.loads(frontmart("report", "--json"))["report"]).is_file()
    (row,) = json.loads(frontmart("query", "select count(*) as topics from marts.coverage_by_topic", "--json"))["rows"]
    described = json.loads(frontmart("describe", "coverage_by_topic", "--json"))
    assert row["topics"] == described["rows"] > 0
    frontmart("export", "exported", "--json")
    exported = empty_folder / "exported" / "latest" / "coverage_by_topic.parquet"
    assert pl.read_parquet(exported).equals(
        pl.read_parquet(empty_folder / "data" / "published" / "marts" / "coverage_by_topic.parquet")
    )


def test_an_installed_build_has_the_fingerprint_of_the_checkout(
    installation: Installation,
    empty_folder: Path,
) -> None:
    """Else a snapshot of one would not be reused by the other, or a file of the installation is not hashed."""
    built = installation.run("frontmart", "build", SAMPLE, "--as-of", DAY, "--json", cwd=empty_folder)
    found = json.loads(built.stdout)["fingerprint"]
    assert found == fingerprint(Settings.load(source=SAMPLE, as_of=DAY), version("frontmart"))
    assert SQL == ROOT / "sql"


@pytest.mark.parametrize("program", [["frontmart"], ["python", "-m", "frontmart"]], ids=["script", "module"])
def test_a_project_with_folders_of_the_same_names_can_build(
    installation: Installation,
    foreign_folder: Path,
    program: list[str],
) -> None:
    """Enough files for several processes, which must not find the project's folders either."""
    write_many(foreign_folder / "many")
    built = installation.run(*program, "build", "many", "--workers", "2", "--json", cwd=foreign_folder)
    assert json.loads(built.stdout)["files"] == {"seen": 30, "document": 30, "reject": 0, "skipped": 0}
    assert "project's own" not in built.stderr


def test_a_folder_in_pythonpath_does_not_hide_the_packages(
    installation: Installation,
    foreign_folder: Path,
) -> None:
    command = ["frontmart", "build", str(SAMPLE), "--as-of", DAY, "--json"]
    built = installation.run(*command, cwd=foreign_folder, env={"PYTHONPATH": str(foreign_folder)})
    assert json.loads(built.stdout)["outcome"] == "published"


@pytest.fixture
def folder_of_modules(tmp_path: Path) -> Path:
    """A folder whose modules are called as those that Python imports at the start of a process."""
    folder = tmp_path / "modules"
    folder.mkdir()
    for name in ("multiprocessing", "pickle", "random", "signal", "tempfile", "typing", "polars"):
        (folder / f"{name}.py").write_text("open('was_imported', 'a').write(__name__)\nraise ImportError(__name__)\n")
    write_many(folder / "many")
    return folder


def test_the_processes_of_a_build_import_nothing_from_the_working_folder(
    installation: Installation,
    folder_of_modules: Path,
) -> None:
    """They would run its code, or fail, and a process that fails is taken for a file that kills it: a reject."""
    built = installation.run("frontmart", "build", "many", "--workers", "2", "--json", cwd=folder_of_modules)
    assert json.loads(built.stdout)["files"] == {"seen": 30, "document": 30, "reject": 0, "skipped": 0}
    assert not (folder_of_modules / "was_imported").exists()


def test_the_processes_of_a_script_import_nothing_from_the_working_folder(
    installation: Installation,
    folder_of_modules: Path,
    empty_folder: Path,
) -> None:
    script = empty_folder / "script.py"
    script.write_text(
        "import os, frontmart\n"
        "run = frontmart.build('many', 'out', workers=2)\n"
        "print(run.outcome, run.files['document'], 'PYTHONSAFEPATH' in os.environ)\n"
    )
    assert installation.run("python", script, cwd=folder_of_modules).stdout == "published 30 False\n"
    assert not (folder_of_modules / "was_imported").exists()


def test_a_library_of_that_name_in_the_working_folder_is_not_imported_by_a_flow_run(
    installation: Installation, folder_of_modules: Path
) -> None:
    """Prefect has put the working folder first by then."""
    program = (
        "import os, sys; from frontmart.import_path import prefer_own_packages\n"
        "sys.path.insert(0, os.getcwd()); prefer_own_packages(); import polars; print(polars.__name__)"
    )
    assert installation.run("python", "-P", "-c", program, cwd=folder_of_modules).stdout == "polars\n"


def test_files_with_settings_in_the_working_folder_are_not_read(installation: Installation, empty_folder: Path) -> None:
    """Only what `--config`, an option or the environment of the process names counts."""
    for name, text in {
        ".env": "FRONTMART_OUT=elsewhere\n",
        "frontmart.toml": 'out = "elsewhere"\n',
        "pyproject.toml": '[tool.frontmart]\nout = "elsewhere"\n',
        "prefect.toml": "this is no TOML",
        "openlineage.yml": "transport: {type: nothing}\n",
    }.items():
        (empty_folder / name).write_text(text)
    installation.run("frontmart", "build", SAMPLE, "--as-of", DAY, "--quiet", cwd=empty_folder)
    assert (empty_folder / "data" / "published").exists()
    assert not (empty_folder / "elsewhere").exists()


def test_a_script_that_builds_many_files_runs_once(installation: Installation, empty_folder: Path) -> None:
    """It has no `if __name__ == "__main__"`: a process that imported it would start the build again."""
    write_many(empty_folder / "many")
    (empty_folder / "script.py").write_text(
        "import frontmart\n"
        "print('the script runs')\n"
        "run = frontmart.build('many', 'out', workers=2)\n"
        "print(run.outcome, run.files['document'], len(frontmart.read('tidy.documents', 'out')))\n"
    )
    assert installation.run("python", "script.py", cwd=empty_folder).stdout == "the script runs\npublished 30 30\n"


def test_a_script_beside_another_package_called_transforms_fails_with_a_reason(
    installation: Installation,
    foreign_folder: Path,
) -> None:
    (foreign_folder / "script.py").write_text("import frontmart\nfrontmart.build('data', 'out')\n")
    done = installation.run("python", "script.py", cwd=foreign_folder, code=1)
    message = "hides Frontmart's package of the same name; rename it, or run `python -P`"
    assert done.stderr.endswith(f"FrontmartError: {foreign_folder / 'transforms'}: {message}\n")


def test_serve_without_prefect_says_what_to_install(installation: Installation, empty_folder: Path) -> None:
    script = (
        "import sys; sys.modules['prefect'] = None\n"
        "import importlib.util as util; find = util.find_spec\n"
        "util.find_spec = lambda name: None if name == 'prefect' else find(name)\n"
        "from frontmart.cli.__main__ import main; main()\n"
    )
    done = installation.run("python", "-c", script, "serve", cwd=empty_folder, code=2)
    advice = "install Frontmart with its extra: pip install 'frontmart[prefect]'"
    assert done.stderr == f"frontmart: serve: Prefect is not installed; {advice}\n"


def test_a_type_checker_knows_the_api_of_the_installed_package(installation: Installation, empty_folder: Path) -> None:
    (empty_folder / "script.py").write_text(
        "import frontmart\n"
        "reveal_type(frontmart.build('in', 'out', workers=2))\n"
        "reveal_type(frontmart.connect('out'))\n"
        "reveal_type(frontmart.read('topics', 'out'))\n"
        "reveal_type(frontmart.tables('out'))\n"
        "frontmart.build('in')\n"
        "frontmart.bulid\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", installation.python, "script.py"]
    done = subprocess.run(
        command, cwd=empty_folder, env=environment(), capture_output=True, text=True, timeout=180, check=False
    )
    assert [line for line in done.stdout.splitlines() if line.startswith("script.py")] == [
        'script.py:2: note: Revealed type is "frontmart.run.Run"',
        'script.py:3: note: Revealed type is "_duckdb.DuckDBPyConnection"',
        'script.py:4: note: Revealed type is "polars.dataframe.frame.DataFrame"',
        'script.py:5: note: Revealed type is "polars.dataframe.frame.DataFrame"',
        'script.py:6: error: Missing positional argument "out" in call to "build"  [call-arg]',
        'script.py:7: error: Module has no attribute "bulid"; maybe "build"?  [attr-defined]',
    ]
