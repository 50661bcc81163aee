"""Files and settings are data: no tag builds an object, no file is unpickled, and no setting names code."""

import ast
import datetime as dt
from pathlib import Path
from types import UnionType
from typing import Literal, get_args, get_origin

import duckdb
import pytest
import yaml
from pydantic import ByteSize

from frontmart.allowance import Allowance
from frontmart.errors import UsageError
from frontmart.settings import Settings
from tests.sample import build_quietly

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(path for folder in ("flows", "transforms") for path in (ROOT / folder).rglob("*.py"))
# What would run `touch` in the folder {forged} if any loader but a safe one read it.
TAGS = (
    '!!python/object/apply:os.system ["touch {forged}"]',
    '!!python/object/new:os.system ["touch {forged}"]',
    '!!python/object/apply:subprocess.check_output [["touch", "{forged}"]]',
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object:frontmart.settings.Settings {{out: {forged}}}",
    "!<tag:yaml.org,2002:python/object/apply:os.system> ['touch {forged}']",
    "!!python/tuple [a, b]",
    '!!js/function "function () {{}}"',
    "!ruby/object:Gem::Installer {{i: x}}",
)
# What turns data into code or objects.
LOADERS = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle", "runpy", "code", "imp"}
CALLS = {"eval", "exec", "compile", "__import__", "unsafe_load", "full_load", "load_all", "unsafe_load_all"}


@pytest.mark.parametrize("front", ["title: {tag}", "secured: {tag}", "a: {{b: [{tag}]}}", "{tag} : x", "--- {tag}"])
def test_a_tag_of_yaml_never_builds_an_object(tmp_path: Path, front: str) -> None:
    source, forged = tmp_path / "source", tmp_path / "forged"
    source.mkdir()
    for number, tag in enumerate(TAGS):
        text = front.format(tag=tag.format(forged=forged))
        (source / f"{number}.md").write_text(f"---\n{text}\n---\n")
    run = build_quietly(source, tmp_path / "out", allow_empty=True)
    assert not forged.exists()
    with duckdb.connect(run.out / "published" / "warehouse.duckdb", read_only=True) as connection:
        reasons = connection.execute("select reason, message from tidy.rejects").fetchall()
    # The value of `secured` is left out before anything is made of it.
    assert len(reasons) == (0 if front.startswith("secured") else len(TAGS))
    assert {reason for reason, _ in reasons} <= {"invalid_yaml"}


def test_the_tags_would_run_something_if_they_were_trusted(tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    yaml.load(TAGS[0].format(forged=forged), yaml.UnsafeLoader)
    assert forged.exists()


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_turns_data_into_code(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not LOADERS & {name.name.partition(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] not in LOADERS
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else ""
            method = called.attr if isinstance(called, ast.Attribute) else ""
            assert name not in CALLS
            assert method not in CALLS - {"compile"}  # re.compile
            assert not any(each.arg == "shell" for each in node.keywords)


def test_every_setting_is_a_number_a_text_a_date_or_a_path() -> None:
    plain = {int, float, str, bool, Path, dt.date, ByteSize, Allowance, type(None)}
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if get_origin(kind) is Literal:
            kind = str
        parts = set(get_args(kind)) if isinstance(kind, UnionType) else {kind}
        assert parts <= plain, name


@pytest.mark.parametrize("line", ['sql = "elsewhere"', 'task_runner = "os:system"', "[tool]\nx = 1", 'import = "os"'])
def test_a_settings_file_cannot_name_anything_else(tmp_path: Path, line: str) -> None:
    (tmp_path / "config.toml").write_text(line)
    with pytest.raises(UsageError, match="setting "):
        Settings.load(tmp_path / "config.toml")


def test_a_setting_that_is_refused_shows_no_credentials(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('linaege = "https://ada:lock@b.example/?token=lock"')
    with pytest.raises(UsageError, match="setting linaege") as refused:
        Settings.load(tmp_path / "config.toml")
    assert "lock" not in str(refused.value)
