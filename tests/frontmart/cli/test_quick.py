"""Command lines that are run without Typer: they mean what Typer takes them for, and all others are left to it."""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import frontmart.cli.query as commands
from frontmart.cli import quick, reading
from frontmart.cli.__main__ import app
from frontmart.cli.quick import COMMANDS, parse, run_quickly
from frontmart.run import Run

PLAIN = {
    "query": [
        ["select 1"],
        ["-"],
        ["select 1", "--json"],
        ["--json", "select 1", "--out", "x"],
        ["--out=x", "select 1"],
        ["-f", "a.sql", "--format", "csv", "-o", "b.csv"],
        ["--file", "a.sql", "--output=b.csv", "--spreadsheet"],
        ["from topics", "--rows", "0", "--no-pager", "--timeout", "2.5"],
        ["from topics", "--rows=7", "--timeout=1"],
        ["select '--json'"],
        ["select 1 as a -- b=c"],
        [],
    ],
    "status": [[], ["--out", "x"], ["--json"], ["--json", "--out=x y"]],
}
LEFT_TO_TYPER = {
    "query": [
        ["--help"],
        ["select 1", "--help"],
        ["select 1", "select 2"],
        ["select 1", "--rows", "-1"],
        ["select 1", "--rows", "many"],
        ["select 1", "--rows"],
        ["select 1", "--timeout", "0"],
        ["select 1", "--timeout", "1e3"],
        ["select 1", "--timeout", "nan"],
        ["select 1", "--nosuch"],
        ["select 1", "--js"],
        ["select 1", "--json=1"],
        ["select 1", "--out", ""],
        ["select 1", "--out", "--json"],
        ["select 1", "--out", "a", "--out", "b"],
        ["--", "select 1"],
        ["-ofile.csv", "select 1"],
        ["-x"],
    ],
    "status": [["x"], ["--max-age", "2d"], ["--help"]],
}


def from_typer(monkeypatch: pytest.MonkeyPatch, name: str, arguments: list[str]) -> dict[str, Any]:
    """The values that the command passes on if Typer reads its arguments."""
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(commands, COMMANDS[name].function, lambda **values: given.append(values))
    done = CliRunner().invoke(app, [name, *arguments])
    assert done.exit_code == 0, done.output
    (values,) = given
    return values


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, arguments) for name, lists in PLAIN.items() for arguments in lists], ids=str
)
@pytest.mark.parametrize("out", [None, "", "elsewhere"])
def test_plain_arguments_mean_what_typer_takes_them_for(
    monkeypatch: pytest.MonkeyPatch, name: str, arguments: list[str], out: str | None
) -> None:
    if out is None:
        monkeypatch.delenv("FRONTMART_OUT", raising=False)
    else:
        monkeypatch.setenv("FRONTMART_OUT", out)
    quickly = parse(COMMANDS[name], arguments)
    assert quickly is not None
    function = inspect.signature(getattr(reading, COMMANDS[name].function))
    defaults = {key: each.default for key, each in function.parameters.items() if each.default is not each.empty}
    assert defaults | quickly == from_typer(monkeypatch, name, arguments)


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, arguments) for name, lists in LEFT_TO_TYPER.items() for arguments in lists], ids=str
)
def test_all_other_arguments_are_left_to_typer(name: str, arguments: list[str]) -> None:
    assert parse(COMMANDS[name], arguments) is None
    assert not run_quickly([name, *arguments])


@pytest.mark.parametrize("arguments", [[], ["build"], ["--help"], ["query --json"], ["--version", "query"]])
def test_other_commands_are_left_to_typer(arguments: list[str]) -> None:
    assert not run_quickly(arguments)


def test_completion_is_left_to_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_FRONTMART_COMPLETE", "complete_bash")
    assert not run_quickly(["status"])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_are_those_of_typer(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    known, quickly = {}, {}
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name not in {"max_age", "help"}:
            known |= dict.fromkeys(parameter.opts, (parameter.name, parameter.is_flag))
    for option, (parameter, _) in COMMANDS[name].options.items():
        quickly[option] = (parameter, False)
    quickly |= {option: (parameter, True) for option, parameter in COMMANDS[name].flags.items()}
    assert quickly == known


def test_version_status_and_query_are_the_same_on_both_ways(
    sample: Run, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_age", lambda _: {})  # it differs from second to second
    for arguments in (
        ["--version"],
        ["status", "--out", str(sample.out)],
        ["status", "--out", str(sample.out), "--json"],
        ["query", "from topics limit 2", "--out", str(sample.out)],
        ["query", "from topics limit 2", "--out", str(sample.out), "--json"],
        ["query", "from topics limit 2", "--out", str(sample.out), "--format", "csv"],
    ):
        assert run_quickly(arguments)
        assert capfd.readouterr().out == CliRunner().invoke(app, arguments).stdout


def test_an_error_of_a_quick_command_is_one_line_and_its_exit_code(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run_quickly(["query", "select 1", "--out", str(tmp_path)])
    assert ended.value.code == 1


# What each command may not import: each takes as long as a query, or longer.
HEAVY = ("asyncio", "fsspec", "numpy", "pandas", "polars", "pyarrow", "pydantic", "rich.console", "sqlglot", "typer")
SCRIPT = f"""
import sys
from frontmart.cli.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print([name for name in {HEAVY!r} if name in sys.modules], "duckdb" in sys.modules)
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "last_line"),
    [
        (["query", "select topic, article_count from topics limit 2"], "[] True"),
        (["query", "from topics limit 2", "--json"], "[] True"),
        (["query", "from topics limit 2", "--format", "jsonl"], "[] True"),
        (["status"], "[] False"),
        (["--version"], "[] False"),
    ],
    ids=str,
)
def test_commands_that_read_import_nothing_heavy(sample: Run, arguments: list[str], last_line: str) -> None:
    command = [sys.executable, "-c", SCRIPT, *arguments]
    environment = {"FRONTMART_OUT": str(sample.out), "PYTHONPATH": str(Path(quick.__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == last_line


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "closed", "exit_code", "error"),
    [
        (["--version"], ">&-", 0, ""),
        (["status"], ">&-", 0, ""),
        (["query", "select 1", "--json"], ">&-", 0, ""),
        (["query", "select 1"], "<&- >&- 2>&-", 0, ""),
        (["query", "-"], "<&-", 2, "frontmart: the query is empty; try: from topics\n"),
    ],
    ids=str,
)
def test_a_closed_standard_stream_is_as_good_as_the_null_device(
    sample: Run, arguments: list[str], closed: str, exit_code: int, error: str
) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "frontmart.cli", *arguments]
    environment = {"FRONTMART_OUT": str(sample.out), "PYTHONPATH": str(Path(quick.__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (exit_code, error)


@pytest.mark.process
def test_the_version_is_quiet_if_nobody_reads_it() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "frontmart.cli", "--version"]
    environment = {"PYTHONPATH": str(Path(quick.__file__).parents[2])}
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=environment)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_search_finds_articles_and_says_what_would_rank_them(sample: Run) -> None:
    arguments = ["search", "night", "lanes", "--any", "--limit", "3", "--out", str(sample.out)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    assert len(done.stdout.split("\n")) == 3 + 5
    assert done.stderr == (
        "note: there is no search index, so articles with all words in the title come first, then the latest; "
        "build with --search to rank them\n"
    )
    found = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert found["is_ranked"] is False
    assert [set(row) >= {"document_id", "score", "title"} for row in found["rows"]] == [True] * 3
