"""`frontmart export`, as scripts and schedules see it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.__main__ import app
from frontmart.export.folder import lock_target
from frontmart.formats import EXPORT_FORMATS
from tests.frontmart.export.conftest import ID
from transforms.tables import TABLES


def frontmart(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_json_is_one_object_with_all_that_the_manifest_says(out: Path, target: Path) -> None:
    done = frontmart("export", target, "--format", "csv", "--partition-by", "month", "--out", out, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    manifest = json.loads((target / "manifest.json").read_text())
    assert said == {"target": str(target), "is_new": True, "pruned": [], **manifest}
    assert (manifest["format"], manifest["partition_by"], manifest["snapshot_id"]) == ("csv", "month", ID)


def test_the_output_lists_the_files_and_says_when_nothing_changed(out: Path, target: Path) -> None:
    first, second = (frontmart("export", target, "--format", "xlsx", "--out", out) for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert [line.split() for line in first.stdout.splitlines() if "marts." in line] == [
        ["marts.hostile", "42", "frontmart.xlsx", "1"]
    ]
    assert f"exported xlsx in {target}, folder {ID}-" in first.stdout
    assert f"nothing changed: xlsx in {target}, folder {ID}-" in second.stdout


def test_tables_without_partitions_are_named_in_a_note(out: Path, target: Path) -> None:
    done = frontmart("export", target, "--partition-by", "month", "--marts", "hostile", "--out", out)
    assert "hostile/month=*/" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "pdf"], f"unknown format 'pdf'; use one of {', '.join(EXPORT_FORMATS)}"),
        (["--partition-by", "day"], "exports cannot be partitioned by 'day'; use month"),
        (["--marts", "topics"], "unknown mart topics; use hostile"),
        (["--keep", "0"], "keep is 0, but at least one export must stay; give 1 or more"),
        (["--plain"], "plain applies to csv only, and the format is parquet; leave it out"),
    ],
)
def test_usage_errors_name_what_is_possible(out: Path, target: Path, arguments: list[str], message: str) -> None:
    done = frontmart("export", target, "--out", out, *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"frontmart: {message}\n")


def test_a_missing_snapshot_and_a_locked_target_have_their_exit_codes(out: Path, target: Path) -> None:
    assert frontmart("export", target, "--out", target).exit_code == 1
    with lock_target(target):
        done = frontmart("export", target, "--out", out)
    assert done.exit_code == 4
    assert "another export holds the lock of this folder" in done.stderr


def test_no_mart_is_called_as_a_tidy_table_is() -> None:
    """Files, sheets and tables of an export are called so, without a schema."""
    marts = {model.name for model in read_models(SQL) if model.layer == "marts"}
    assert not marts & set(TABLES)
