"""`frontmart shell` on a real terminal."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from frontmart.errors import FrontmartError
from frontmart.query import shell
from frontmart.run import Run
from frontmart.snapshots.store import published
from tests.frontmart.query.terminal import Terminal, on_terminal

PROMPT = "frontmart> "


@contextmanager
def prompt(run: Run, home: Path) -> Iterator[Terminal]:
    with on_terminal("shell", "--plain", "--out", run.out, PAGER="cat", XDG_STATE_HOME=str(home)) as terminal:
        terminal.wait_for(PROMPT)
        yield terminal


def test_a_prompt_answers_explains_completes_and_remembers(sample: Run, tmp_path: Path) -> None:
    with prompt(sample, tmp_path) as terminal:
        seen = len(terminal.written)
        # A query over two lines, a name completed by Tab.
        terminal.send("select topic, article_count\n")
        terminal.wait_for("...> ", after=seen)
        terminal.send("from marts.coverage_by_topic_o\t where article_count = 0 limit 1;\n")
        seen = terminal.wait_for("from marts.coverage_by_topic_over_time", after=seen)
        seen = terminal.wait_for(" 0 ", after=seen)
        seen = terminal.wait_for(PROMPT, after=seen)
        # What is refused is told, and the prompt stays.
        terminal.send("select topik from topics;\n")
        seen = terminal.wait_for('did you mean "topic"', after=seen)
        terminal.send("create table x as select 1 as a;\n")
        seen = terminal.wait_for("frontmart: the query ", after=seen)
        terminal.send("from read_text('/etc/hostname');\n")
        seen = terminal.wait_for("frontmart: the query was refused", after=seen)
        # Ctrl-C forgets a query half typed.
        terminal.send("select nonsense\n")
        seen = terminal.wait_for("...> ", after=seen)
        terminal.interrupt()
        seen = terminal.wait_for(PROMPT, after=seen)
        terminal.send(".tables\n")
        seen = terminal.wait_for("coverage(topic_name, grain)", after=seen)
        seen = terminal.wait_for("marts.coverage_by_topic", after=seen)
        terminal.send(".describe topics\n")
        seen = terminal.wait_for("The spelling that most documents use.", after=seen)
        terminal.send(".describe nosuch\n")
        seen = terminal.wait_for("there is no table nosuch; .tables lists them", after=seen)
        terminal.send(".nosuch\n")
        terminal.wait_for("Ctrl-C stops a query.", after=seen)
        terminal.send(".quit\n")
        assert terminal.wait() == 0
    history = tmp_path / "frontmart" / "history"
    assert "select topic, article_count" in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with prompt(sample, tmp_path) as terminal:
        seen = len(terminal.written)
        terminal.send("\x1b[A")
        terminal.wait_for(".quit", after=seen)
        terminal.send("\x15\x04")
        assert terminal.wait() == 0


def test_ctrl_c_stops_a_query_and_not_the_prompt(sample: Run, tmp_path: Path) -> None:
    with prompt(sample, tmp_path) as terminal:
        seen = len(terminal.written)
        terminal.send("select count(*) from range(3_000_000_000) as a(n) where sqrt(n) < 0;\n")
        seen = terminal.wait_for("< 0;", after=seen)
        terminal.wait_a_moment()
        terminal.interrupt()
        seen = terminal.wait_for("stopped", after=seen)
        terminal.send("select 6 * 7 as answer;\n")
        seen = terminal.wait_for("42", after=seen)
        terminal.wait_for(PROMPT, after=seen)
        terminal.send("\x04")
        assert terminal.wait() == 0


def test_harlequin_opens_the_warehouse_read_only_and_safe(sample: Run, tmp_path: Path) -> None:
    arguments = ("shell", "--out", sample.out)
    with on_terminal(*arguments, columns=120, lines=40, HOME=str(tmp_path), LC_ALL="C") as terminal:
        terminal.wait_for("Executed 6 commands")
        terminal.send("\x11")
        assert terminal.wait() == 0
    assert "Database Connected" in terminal.written


@pytest.mark.process
def test_harlequin_is_told_to_be_safe_and_its_failure_is_told(
    sample: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "harlequin"
    program.write_text('#!/bin/sh\nshift 6\ncp "$1" "$0.sql"\necho "$2" > "$0.opened"\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setattr(shell, "_harlequin", lambda: str(program))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    snapshot = published(sample.out)
    with pytest.raises(FrontmartError, match=r"harlequin ended with exit code 3; try: frontmart shell --plain$"):
        shell.run_shell(sample.out, is_plain=False)
    assert (tmp_path / "harlequin.opened").read_text().strip() == str(snapshot.warehouse.resolve())
    with duckdb.connect(snapshot.warehouse, read_only=True) as con:
        con.execute((tmp_path / "harlequin.sql").read_text())
        assert con.execute("select count(*) from topics").fetchone() is not None
        for refused in ("from read_text('/etc/hostname')", "set enable_external_access = true", "install httpfs"):
            with pytest.raises(duckdb.Error):
                con.execute(refused)


def test_without_a_terminal_scripts_are_told_where_to_go(sample: Run) -> None:
    command = [sys.executable, "-m", "frontmart.cli", "shell", "--out", str(sample.out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "frontmart: a shell needs a terminal; give scripts to: frontmart query -\n"
