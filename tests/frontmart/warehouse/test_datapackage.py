"""The data package is valid for frictionless, and so is the data by what it says: types, keys, constraints."""

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from frictionless import Package, Resource, Schema

from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.run import Run
from frontmart.snapshots.store import published

Descriptor = dict[str, Any]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(sample: Run) -> Path:
    return published(sample.out).folder


@pytest.fixture(scope="module")
def descriptor(folder: Path) -> Descriptor:
    found: Descriptor = json.loads((folder / "datapackage.json").read_text())
    return found


def with_data(descriptor: Descriptor, folder: Path, **changed: pl.DataFrame) -> Package:
    """The package with the rows of its files in it: frictionless reads no Parquet without a package of its own."""
    resources = []
    for resource in descriptor["resources"]:
        frame = changed.get(resource["name"])
        if frame is None:
            frame = pl.read_parquet(folder / resource["path"])
        rows = [frame.columns, *map(list, frame.rows())]
        schema = Schema.from_descriptor(resource["schema"])
        resources.append(Resource(name=resource["name"], data=rows, schema=schema))
    return Package(resources=resources)


def errors(package: Package) -> list[list[Any]]:
    found: list[list[Any]] = package.validate().flatten(["type", "fieldName", "message"])
    return found


def test_the_descriptor_is_valid_and_describes_every_file(descriptor: Descriptor, folder: Path) -> None:
    report = Package.validate_descriptor(descriptor)
    assert report.valid, report.flatten(["message"])
    described = {
        each["path"]: [field["name"] for field in each["schema"]["fields"]] for each in descriptor["resources"]
    }
    files = [*folder.glob("tables/*.parquet"), *folder.glob("marts/*.parquet")]
    assert described == {str(path.relative_to(folder)): pl.read_parquet_schema(path).names() for path in files}


def test_sizes_hashes_and_rows_are_those_of_the_files(descriptor: Descriptor, folder: Path) -> None:
    for resource in descriptor["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["rowCount"] == pl.read_parquet(content).height


def test_the_data_is_valid(descriptor: Descriptor, folder: Path) -> None:
    assert errors(with_data(descriptor, folder)) == []


def test_data_that_breaks_what_is_said_is_found(descriptor: Descriptor, folder: Path) -> None:
    """A value in the first rows of some tables is changed, and frictionless finds each of them."""
    broken = {
        ("documents", 0, "content_hash", None): "constraint-error",
        ("documents", 1, "document_id", "0" * 16): "foreign-key",
        ("files", 0, "outcome", "lost"): "constraint-error",
        ("related_images", 0, "related_position", 999): "foreign-key",
        ("document_topics", 0, "position", -1): "constraint-error",
        ("topic_pairs", 0, "topic_id_a", "nosuch"): "foreign-key",
        ("topic_pairs", 1, "jaccard_share", 1.5): "constraint-error",
        ("provider_topics", 0, "article_count", -1): "constraint-error",
        ("coverage_by_topic", 1, "topic_id", "bike-lanes"): "primary-key",
    }
    paths = {each["name"]: folder / each["path"] for each in descriptor["resources"]}
    changed: dict[str, pl.DataFrame] = {}
    for table, row, column, value in broken:
        frame = changed.get(table, pl.read_parquet(paths[table]))
        rows = pl.int_range(frame.height)
        changed[table] = frame.with_columns(pl.when(rows == row).then(pl.lit(value)).otherwise(column).alias(column))
    report = with_data(descriptor, folder, **changed).validate()
    found = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert {(table, error) for (table, *_), error in broken.items()} <= found


def test_keys_constraints_and_units_are_those_of_schemas_and_headers(descriptor: Descriptor) -> None:
    resources = {each["name"]: each for each in descriptor["resources"]}
    keys = {name: list(schema.primary_key()) for name, schema in INPUTS.items()}
    keys |= {model.name: list(model.key) for model in read_models(SQL) if model.layer == "marts"}
    assert {name: each["schema"]["primaryKey"] for name, each in resources.items()} == {
        name: keys[name] for name in resources
    }
    fields = {
        f"{name}.{field['name']}": field for name, each in resources.items() for field in each["schema"]["fields"]
    }
    assert fields["files.outcome"]["constraints"] == {"required": True, "enum": ["document", "reject", "skipped"]}
    assert fields["documents.path"]["constraints"] == {"required": True, "unique": True}
    assert fields["documents.document_id"]["constraints"] == {"required": True, "pattern": "^[0-9a-f]{16}$"}
    assert fields["topic_pairs.jaccard_share"]["constraints"] == {"required": True, "minimum": 0, "maximum": 1}
    assert fields["topic_pairs.jaccard_share"]["unit"] == "share, 0..1"
    assert "constraints" not in fields["documents.title"]
    assert resources["related_images"]["schema"]["foreignKeys"] == [
        {"fields": ["document_id"], "reference": {"resource": "documents", "fields": ["document_id"]}},
        {
            "fields": ["document_id", "related_position"],
            "reference": {"resource": "related_items", "fields": ["document_id", "position"]},
        },
    ]
    assert resources["topic_pairs"]["schema"]["missingValues"] == []
