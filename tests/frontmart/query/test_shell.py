"""`frontmart shell` on a real terminal."""

import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from harlequin.exception import HarlequinConnectionError, HarlequinQueryError

from frontmart.errors import FrontmartError
from frontmart.query import shell
from frontmart.query.harlequin_adapter import SandboxAdapter
from frontmart.run import Run
from frontmart.snapshots.store import published
from tests.frontmart.query.terminal import on_terminal


def test_harlequin_opens_the_warehouse_read_only_and_in_the_sandbox(sample: Run, tmp_path: Path) -> None:
    arguments = ("shell", "--out", sample.out)
    with on_terminal(*arguments, columns=120, lines=40, HOME=str(tmp_path), LC_ALL="C") as terminal:
        terminal.wait_for("Read-only in a sandbox")
        terminal.send("\x11")
        assert terminal.wait() == 0
    assert "Database Connected" in terminal.written


def test_the_adapter_of_harlequin_runs_queries_and_refuses_everything_else(warehouse: Path) -> None:
    before = warehouse.read_bytes()
    connection = SandboxAdapter((str(warehouse),)).connect()
    try:
        cursor = connection.execute("from topics")
        assert cursor is not None
        assert cursor.set_limit(3).fetchall().num_rows == 3
        assert [item.label for item in connection.get_catalog().items] == ["warehouse"]
        for refused in (
            f"copy (select 1) to '{warehouse}' (format csv, use_tmp_file false)",
            f"explain analyze copy (select 1) to '{warehouse}' (format csv, use_tmp_file false)",
            "set lock_configuration = false",
            "create temp table x as select 1",
            "select 1; select 2",
            "selekt 1",
        ):
            with pytest.raises(HarlequinQueryError):
                connection.execute(refused)
        with pytest.raises(duckdb.Error, match="disabled"):
            connection.conn.execute(f"copy (select 1) to '{warehouse}' (format csv, use_tmp_file false)")
    finally:
        connection.close()
    assert warehouse.read_bytes() == before


def test_a_warehouse_that_cannot_be_opened_is_an_error_of_harlequin(tmp_path: Path) -> None:
    with pytest.raises(HarlequinConnectionError, match="cannot be opened"):
        SandboxAdapter((str(tmp_path / "none.duckdb"),)).connect()


@pytest.fixture
def warehouse(sample: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The published warehouse, for a process that takes its input and output for a terminal."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    return published(sample.out).warehouse.resolve()


@pytest.mark.process
def test_a_failure_of_harlequin_names_another_shell(
    sample: Run, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fake_harlequin.py").write_text("import sys\nsys.exit(3 if 'frontmart' in sys.argv else 4)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(shell, "_HARLEQUIN", "fake_harlequin")
    with pytest.raises(FrontmartError) as caught:
        shell.run_shell(sample.out)
    assert str(caught.value) == (
        "fake_harlequin ended with exit code 3; DuckDB's shell also opens the warehouse: "
        + shell.duckdb_shell(warehouse)
    )


def test_without_harlequin_one_line_says_how_to_install_it_and_what_else_opens_the_file(
    sample: Run, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "_HARLEQUIN", "no_such_harlequin")
    with pytest.raises(FrontmartError) as caught:
        shell.run_shell(sample.out)
    assert caught.value.exit_code == 1
    assert str(caught.value) == (
        "harlequin is not installed; run pip install 'frontmart[shell]', or use DuckDB's shell: "
        "duckdb -readonly -init /dev/null -cmd \"set temp_directory=''; set enable_external_access=false; "
        f"set disabled_filesystems='LocalFileSystem'\" -cmd .safe_mode {warehouse}"
    )
    assert warehouse.parent.name == sample.snapshot_id


def test_a_path_with_spaces_is_one_argument_of_duckdb_s_shell() -> None:
    command = shell.duckdb_shell(Path("/a folder/it's.duckdb"))
    program, *options, path = shlex.split(command)
    assert (program, path) == ("duckdb", "/a folder/it's.duckdb")
    assert options[:4] == ["-readonly", "-init", "/dev/null", "-cmd"]
    assert options[5:] == ["-cmd", ".safe_mode"]


def test_without_a_terminal_the_error_suggests_query(sample: Run) -> None:
    command = [sys.executable, "-m", "frontmart.cli", "shell", "--out", str(sample.out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "frontmart: a shell needs a terminal; in a script, use: frontmart query -\n"
