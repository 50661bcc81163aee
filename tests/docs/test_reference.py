"""docs/reference/ agrees with the code: commands, settings and exit codes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from docs.reference import write_reference
from frontmart.cli.__main__ import app
from frontmart.errors import FrontmartError
from frontmart.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = get_command(app).commands


def page(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")


def test_make_docs_would_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    write_reference(tmp_path)
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "reference").iterdir()}
    committed = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "reference").iterdir()}
    assert committed == written, "docs/reference/ is not of this code: run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_with_every_option(name: str) -> None:
    section = page("commands").split(f"\n## {name}\n")[1].split("\n## ")[0]
    shown = {option for each in COMMANDS[name].params if not getattr(each, "hidden", False) for option in each.opts}
    assert {option for option in shown if option.startswith("-") and not re.search(rf"{option}[ ,]", section)} == set()
    assert f"Usage: frontmart {name} " in section


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_row_and_a_section_with_its_variable(name: str) -> None:
    text = page("settings")
    assert re.search(rf"^\| \[{name}\]\(#{name}\) \| .* \| \w.+ \|$", text, re.MULTILINE)
    section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert f"- Environment variable: `FRONTMART_{name.upper()}`\n" in section
    assert re.search(r"^- Type: (path|date|true or false|integer|number|text|size)", section, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("workers", "- Type: integer, ≥ 1, ≤ 256\n- Default: none\n- Option: `--workers`\n"),
        ("max_file_size", "- Type: size, ≥ 1\n- Default: `16MB`\n- Environment variable: "),
        ("source", "- Type: path\n- Default: `data/raw`\n- Option: `SOURCE`\n"),
        ("max_rejects", "- Type: number or percentage\n- Default: none\n- Option: `--max-rejects`\n"),
    ],
)
def test_types_bounds_defaults_and_options_are_those_of_the_code(name: str, shown: str) -> None:
    assert shown in page("settings").split(f"\n## {name}\n")[1]


def error_classes(root: type[FrontmartError] = FrontmartError) -> Iterator[type[FrontmartError]]:
    """An error class and all below it, but for those of modules that catch them themselves."""
    yield root
    for each in root.__subclasses__():
        if each.__module__ == FrontmartError.__module__:
            yield from error_classes(each)


def test_every_exit_code_is_in_the_table() -> None:
    codes = {(each.exit_code, each.__name__) for each in error_classes()}
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| \w.+ \|$", page("exit-codes"), re.MULTILINE)
    assert {(int(code), name) for code, name in rows} == codes
    assert re.findall(r"^\| (\d+) \| \| ", page("exit-codes"), re.MULTILINE) == ["0", "130", "143"]
