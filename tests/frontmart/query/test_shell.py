"""`frontmart shell` on a real terminal."""

import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from frontmart.errors import FrontmartError
from frontmart.query import shell
from frontmart.run import Run
from frontmart.snapshots.store import published
from frontmart.warehouse.read_only import sandbox_settings
from tests.frontmart.query.terminal import on_terminal


def test_harlequin_opens_the_warehouse_read_only_and_in_the_sandbox(sample: Run, tmp_path: Path) -> None:
    arguments = ("shell", "--out", sample.out)
    with on_terminal(*arguments, columns=120, lines=40, HOME=str(tmp_path), LC_ALL="C") as terminal:
        terminal.wait_for(f"Executed {len(sandbox_settings(''))} commands")
        terminal.send("\x11")
        assert terminal.wait() == 0
    assert "Database Connected" in terminal.written


@pytest.fixture
def warehouse(sample: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The published warehouse, for a process that takes its input and output for a terminal."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    return published(sample.out).warehouse.resolve()


@pytest.mark.process
def test_harlequin_gets_the_settings_of_the_sandbox_and_its_failure_names_another_shell(
    sample: Run, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "harlequin"
    program.write_text('#!/bin/sh\nshift 6\ncp "$1" "$0.sql"\necho "$2" > "$0.opened"\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setattr(shell, "_HARLEQUIN", program)
    with pytest.raises(FrontmartError) as caught:
        shell.run_shell(sample.out)
    assert str(caught.value) == (
        f"{program} ended with exit code 3; DuckDB's shell also opens the warehouse: {shell.duckdb_shell(warehouse)}"
    )
    assert (tmp_path / "harlequin.opened").read_text().strip() == str(warehouse)
    with duckdb.connect(warehouse, read_only=True) as con:
        con.execute((tmp_path / "harlequin.sql").read_text())
        settings = dict(con.execute("select name, value from duckdb_settings()").fetchall())
        changed = {name: settings[name] for name in sandbox_settings("")}
        assert Path(changed.pop("temp_directory")).name == "spill"
        assert changed == {
            "memory_limit": "953.6 MiB",
            "max_temp_directory_size": "9.3 GiB",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "python_enable_replacements": "false",
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
        assert con.execute("select count(*) from topics").fetchone() is not None
        for refused in ("from read_text('/etc/hostname')", "set enable_external_access = true", "install httpfs"):
            with pytest.raises(duckdb.Error):
                con.execute(refused)


def test_without_harlequin_one_line_says_how_to_install_it_and_what_else_opens_the_file(
    sample: Run, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "_HARLEQUIN", "no-such-harlequin")
    with pytest.raises(FrontmartError) as caught:
        shell.run_shell(sample.out)
    assert caught.value.exit_code == 1
    assert str(caught.value) == (
        "harlequin is not installed; run pip install 'frontmart[shell]', or use DuckDB's shell: "
        f"duckdb -readonly -safe -init /dev/null {warehouse}"
    )
    assert warehouse.parent.name == sample.snapshot_id


def test_a_path_with_spaces_is_one_argument_of_duckdb_s_shell() -> None:
    command = shell.duckdb_shell(Path("/a folder/it's.duckdb"))
    assert shlex.split(command) == ["duckdb", "-readonly", "-safe", "-init", "/dev/null", "/a folder/it's.duckdb"]


def test_without_a_terminal_the_error_suggests_query(sample: Run) -> None:
    command = [sys.executable, "-m", "frontmart.cli", "shell", "--out", str(sample.out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "frontmart: a shell needs a terminal; in a script, use: frontmart query -\n"
