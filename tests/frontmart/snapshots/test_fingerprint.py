"""The fingerprint of a build covers every file that its rows or models depend on, and no other."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

from frontmart.settings import Settings
from frontmart.snapshots import fingerprint as module
from frontmart.snapshots.fingerprint import MODELS, ROWS, fingerprint, fingerprinted_files

ROOT = Path(__file__).parents[3]
FOLDERS = ("frontmart", "sql", "transforms")
# Where the code begins that decides the rows, and the code that decides what is made of them.
ROW_ENTRIES = (
    "frontmart.extract.worker",
    "frontmart.extract.listing",
    "frontmart.extract.changes",
    "frontmart.git.log",
    "frontmart.git.source",
)
MODEL_ENTRIES = (
    "frontmart.catalog.trim",
    "frontmart.history.append",
    "frontmart.history.load",
    "frontmart.warehouse.added_columns",
    "frontmart.warehouse.aliases",
    "frontmart.warehouse.checks",
    "frontmart.warehouse.datapackage",
    "frontmart.warehouse.events",
    "frontmart.warehouse.features",
    "frontmart.warehouse.load",
    "frontmart.warehouse.macros",
    "frontmart.warehouse.materialize",
    "frontmart.warehouse.parquet",
    "frontmart.warehouse.previous",
    "frontmart.warehouse.database",
    "frontmart.warehouse.base_copy",
    "frontmart.warehouse.update_tidy",
)
# Imported on the way, but without a say in any value: error classes, settings and aliases (hashed by value), paths and
# disk syncs.
WITHOUT_A_SAY = (
    "frontmart.aliases",
    "frontmart.allowance",
    "frontmart.catalog.sql_folder",
    "frontmart.errors",
    "frontmart.snapshots",
    "frontmart.version",
)


def imported_from(entries: Iterable[str]) -> set[str]:
    """The files, relative to the root, that modules import directly or through others, the modules included."""
    graph = grimp.build_graph("frontmart", "transforms", exclude_type_checking_imports=True, cache_dir=None)
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in found and not name.startswith(WITHOUT_A_SAY):
            found.add(name)
            waiting += graph.find_modules_directly_imported_by(name)
    return {file_of(name) for name in found}


def file_of(module_name: str) -> str:
    path = Path(*module_name.split("."))
    return (path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")).as_posix()


def listed(places: Iterable[str]) -> set[str]:
    """The Python files that the fingerprint covers, except `__init__.py` files with only a docstring."""
    names = {name for name, _ in fingerprinted_files(places)}
    return {name for name in names if name.endswith(".py") and not name.endswith("__init__.py")}


def test_rows_cover_every_file_that_reading_imports_and_no_other() -> None:
    assert listed(ROWS) == {name for name in imported_from(ROW_ENTRIES) if not name.endswith("__init__.py")}


def test_models_cover_every_file_that_modelling_imports_and_no_other() -> None:
    imported = {name for name in imported_from(MODEL_ENTRIES) if not name.endswith("__init__.py")}
    # A change of code that decides rows makes a build start over, models included; `steps`
    # only passes values on, and `template` copies what the models created.
    assert listed(MODELS) == imported - listed(ROWS) | {"frontmart/steps.py", "frontmart/warehouse/template.py"}


def test_models_cover_every_sql_file_but_those_of_the_report() -> None:
    names = {name for name, _ in fingerprinted_files(MODELS) if name.endswith(".sql")}
    every = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sql").rglob("*.sql")}
    assert names == {name for name in every if not name.startswith("sql/report/")}
    assert names < every


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("sql/checks/no_rejects.sql", ["models"]),
        ("sql/macros/coverage.sql", ["models"]),
        ("sql/main/articles.sql", ["models"]),
        ("sql/marts/topic_pairs.sql", ["models"]),
        ("sql/report/topics.sql", []),
        ("frontmart/catalog/units.py", ["models"]),
        ("sql/events/links.sql", ["models"]),
        ("transforms/events/group.py", ["models"]),
        ("frontmart/warehouse/macros.py", ["models"]),
        ("frontmart/extract/reader.py", ["rows"]),
        ("frontmart/cli/__main__.py", []),
        ("frontmart/cli/build.py", []),
        ("transforms/tidy/slugs.py", ["rows"]),
        ("frontmart/formats/csv.py", []),
    ],
)
def test_an_edit_changes_the_fingerprint_where_a_snapshot_depends_on_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, changed: list[str]
) -> None:
    before, after = _fingerprints_around_an_edit(tmp_path, monkeypatch, file)
    assert [part for part in before if before[part] != after[part]] == changed


def test_a_listed_file_that_is_gone_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match=r"steps\.py"):
        _fingerprints_around_an_edit(tmp_path, monkeypatch, "frontmart/steps.py", remove=True)


def _fingerprints_around_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, *, remove: bool = False
) -> tuple[dict[str, str], dict[str, str]]:
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    monkeypatch.setattr(module, "_SQL_ROOT", tmp_path)
    path = tmp_path / file
    assert path.is_file()
    before = fingerprint(Settings(), "1.2.3")
    if remove:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    return before, fingerprint(Settings(), "1.2.3")
