"""Pages name commands, options, paths, targets, tables, flows and limits that exist, and leave none out."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from docs.answers import ROOT, docs_pages, pages
from docs.navigation import parts
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.__main__ import app
from frontmart.dictionary.tables import read_tables
from transforms.tables import TABLES

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in pages()
    if path.parent.name != "reference" and path.name != "dictionary.md"
}
GROUP: Any = get_command(app)
FOLDERS = "tests|flows|frontmart|transforms|sql|benchmarks|docs|data/raw"
TABLES_PAGE = PAGES["docs/tables.md"]
NAMES = {
    group: [table.name for table in read_tables(SQL) if table.group == group] for group in ("marts", "main", "macros")
}

on_each_page = pytest.mark.parametrize("name", PAGES)


def options_of(command: Any) -> set[str]:
    """The options of a command, and those of the commands in it: `history REPO` is `history read REPO`."""
    own = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    commands = {} if command is GROUP else getattr(command, "commands", {})
    return own.union({"--help"}, *map(options_of, commands.values()))


def shown_commands(text: str) -> Iterator[list[str]]:
    """The arguments of each `frontmart ...`, in a block or in a sentence."""
    for line in re.findall(r"(?:^(?:\$ )?|`|&& )(?:\.venv/bin/)?frontmart +(\S[^`\n]*)", text, re.MULTILINE):
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
        lexer.whitespace_split = True
        arguments: list[str] = []
        for token in lexer:
            if set(token) <= set("|;&<>"):
                break
            arguments.append(token)
        yield arguments


@on_each_page
def test_commands_and_options_exist(name: str) -> None:
    for arguments in shown_commands(PAGES[name]):
        first = arguments[0]
        assert first in GROUP.commands or first in options_of(GROUP), arguments
        known = options_of(GROUP.commands.get(first, GROUP))
        options = [each.partition("=")[0] for each in arguments if re.match(r"--?[a-z]", each)]
        assert [option for option in options if option not in known] == [], arguments


@on_each_page
def test_options_in_sentences_are_those_of_some_command(name: str) -> None:
    known = {option for command in (GROUP, *GROUP.commands.values()) for option in options_of(command)}
    assert set(re.findall(r"`(--[a-z][a-z-]*)[ `=]", PAGES[name])) - known == set()


@pytest.mark.parametrize("command", GROUP.commands)
def test_every_command_is_in_a_guide(command: str) -> None:
    assert any(arguments[0] == command for text in PAGES.values() for arguments in shown_commands(text))


@on_each_page
def test_paths_exist(name: str) -> None:
    named = re.findall(rf"`((?:{FOLDERS})/[\w./*-]*)`", PAGES[name])
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


@on_each_page
def test_make_targets_exist(name: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", PAGES[name], re.MULTILINE)) - set(targets) == set()


@on_each_page
def test_linked_files_exist(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", PAGES[name])
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_the_navigation_has_every_page_once() -> None:
    linked = [path for part in parts(PAGES["docs/README.md"]) for _, path in part.pages]
    inside = [path for path in linked if not path.startswith("../")]
    docs = {path.relative_to(ROOT / "docs").as_posix() for path in docs_pages()}
    assert sorted(inside) == sorted(docs - {"README.md"})


def test_the_readme_leads_to_every_page_but_single_tools() -> None:
    linked = set(re.findall(r"\]\(([\w./-]+\.md)\)", PAGES["README.md"]))
    docs = {path.relative_to(ROOT).as_posix() for path in docs_pages()}
    assert {path for path in docs if not path.startswith("docs/bi/")} <= linked
    assert "docs/bi/README.md" in linked


@pytest.mark.parametrize("name", [*TABLES, *NAMES["marts"], *NAMES["main"]])
def test_every_tidy_table_mart_and_view_is_on_the_page_of_tables(name: str) -> None:
    assert f"`{name}`" in TABLES_PAGE


@pytest.mark.parametrize("name", NAMES["macros"])
def test_every_macro_is_on_the_page_of_tables(name: str) -> None:
    assert re.search(rf"^\| `{name}\(.+\)` \|", TABLES_PAGE, re.MULTILINE)


def test_every_flow_is_in_the_guide_and_in_prefect_yaml() -> None:
    source = (ROOT / "flows" / "scheduled.py").read_text(encoding="utf-8")
    deployments = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    guide = PAGES["docs/scheduling.md"]
    names = re.findall(r'@flow\(name="frontmart-(\w+)"', source)
    assert sorted(names) == ["backfill", "build", "export", "prune", "retain", "verify"]
    assert "`frontmart-retain` is the old name of `frontmart-prune`" in guide
    for name in sorted({*names} - {"retain"}):
        assert f"| frontmart-{name} |" in guide
        assert re.search(rf"entrypoint: [\w.]+\.{name}\n", deployments)


def test_warnings_on_the_page_of_drift_are_sentences_of_the_mart() -> None:
    sentences = re.findall(r"'([^'\n]*\{[^'\n]*)'", (SQL / "marts" / "drift.sql").read_text(encoding="utf-8"))
    patterns = [re.sub(r"\\\{[^}]*\}", ".+", re.escape(sentence)) for sentence in sentences]
    shown = PAGES["docs/drift.md"].partition("warning: drift_is_small: ")[2].partition("```")[0].splitlines()[1:]
    assert len(shown) == 2
    assert [line for line in shown if not any(re.fullmatch(pattern, line.strip()) for pattern in patterns)] == []
