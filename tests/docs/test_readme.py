"""What the README shows is what a user gets: its output is real, and every mart, table and command is in it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontmart.catalog.models import read_macros, read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.__main__ import app
from tests.sample import SAMPLE, build_quietly
from transforms.tables import TABLES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks_with_output() -> list[tuple[str, str]]:
    """Each `$ command` of the README and the lines under it."""
    found = re.findall(r"^    \$ (frontmart .+)\n((?:    .*\n|\n(?=    ))+)", README, re.MULTILINE)
    return [(command, output) for command, output in found]


def tidy(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("readme")).out


def test_the_readme_shows_output() -> None:
    assert len(blocks_with_output()) >= 2


@pytest.mark.parametrize(("command", "shown"), blocks_with_output())
def test_output_in_the_readme_is_what_the_command_prints(out: Path, command: str, shown: str) -> None:
    match = re.fullmatch(r'frontmart (\w+)(?: "(.+)")?', command)
    assert match
    arguments = [argument for argument in match.groups() if argument]
    done = CliRunner().invoke(app, [*arguments, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert tidy(done.output) == tidy(shown)


@pytest.mark.parametrize("name", [command.callback.__name__ for command in app.registered_commands if command.callback])
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"frontmart {name}" in README


@pytest.mark.parametrize("name", [model.name for model in read_models(SQL) if model.layer == "marts"])
def test_every_mart_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", [macro.name for macro in read_macros(SQL, read_models(SQL))])
def test_every_macro_is_in_the_readme(name: str) -> None:
    assert re.search(rf"^\| `{name}\(.+\)` \|", README, re.MULTILINE)


@pytest.mark.parametrize("name", [model.name for model in read_models(SQL) if model.layer == "main"])
def test_every_view_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", TABLES)
def test_every_tidy_table_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_every_flow_is_in_the_documentation_of_schedules() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "scheduling.md").read_text(encoding="utf-8")
    deployments = (Path(__file__).parents[2] / "prefect.yaml").read_text(encoding="utf-8")
    names = re.findall(
        r'@flow\(name="frontmart-(\w+)"', (SQL.parent / "flows" / "scheduled.py").read_text(encoding="utf-8")
    )
    names.remove("retain")  # the old name of prune, until 0.3
    assert sorted(names) == ["backfill", "build", "export", "prune", "verify"]
    for name in names:
        assert f"| frontmart-{name} |" in guide
        assert f"entrypoint: frontmart.deployments.{name}\n" in deployments
