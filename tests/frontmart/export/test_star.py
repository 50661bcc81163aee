"""Exports bring the star schema: its rows, its relations, and the files that describe them to tools."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from frictionless import Package
from polars.testing import assert_frame_equal

import frontmart
from frontmart.errors import SnapshotError, UsageError
from frontmart.export import ExportRequest, export, tables
from frontmart.export.malloy import malloy_model
from frontmart.export.plan import make_plan
from frontmart.export.tables import open_tables
from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.manifest import hash_file
from frontmart.snapshots.store import published

MODELS = {model.full_name: model for model in shipped_sql().models}
STAR = sorted(name for name, model in MODELS.items() if model.role)


@pytest.fixture(scope="module")
def parquet(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an export of the sample, as it is by default."""
    target = tmp_path_factory.mktemp("parquet")
    done = export(sample.out, str(target))
    assert [table.name for table in done.manifest.tables if table.name.startswith("core.")] == STAR
    return (target / "latest").resolve()


def package_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The resources of a data package, by name."""
    return {
        resource["name"]: resource for resource in json.loads((folder / "datapackage.json").read_text())["resources"]
    }


def test_marts_are_copies_and_the_star_is_as_in_the_warehouse(sample: Run, parquet: Path) -> None:
    for path in sorted((sample.out / "published" / "marts").iterdir()):
        assert hash_file(parquet / path.name) == hash_file(path)
    for name in STAR:
        found = pl.read_parquet(parquet / f"{name.removeprefix('core.')}.parquet")
        expected = frontmart.read(name, sample.out).sort(MODELS[name].key)
        assert_frame_equal(found.sort(MODELS[name].key), expected)
        assert found.select(MODELS[name].key).rows() == sorted(found.select(MODELS[name].key).rows())


def test_a_data_package_has_the_files_keys_and_relations(sample: Run, parquet: Path) -> None:
    package = package_of(parquet)
    assert {path.stem for path in parquet.glob("*.parquet")} == package.keys()
    for resource in package.values():
        assert resource["hash"] == f"sha256:{hash_file(parquet / resource['path'])}"
    keys = package["coverage_by_topic_over_time"]["schema"]["foreignKeys"]
    assert keys == [{"fields": ["topic_id"], "reference": {"resource": "dim_topics", "fields": ["topic_id"]}}]
    assert package["article_topics"]["schema"]["primaryKey"] == ["document_id", "topic_id"]


def test_every_foreign_key_leads_to_a_row(parquet: Path) -> None:
    lost, count = [], 0
    for name, resource in package_of(parquet).items():
        for key in resource["schema"].get("foreignKeys", []):
            count += 1
            column, other = key["fields"][0], key["reference"]
            of = f"from '{parquet}/{name}.parquet' as a anti join '{parquet}/{other['resource']}.parquet' as b"
            query = f"select count(*) {of} on a.{column} = b.{other['fields'][0]} where a.{column} is not null"
            lost += [(name, key)] if duckdb.sql(query).fetchall() != [(0,)] else []
    assert (lost, count > 40) == ([], True)


def test_the_package_of_a_csv_export_is_valid(sample: Run, tmp_path: Path) -> None:
    marts = ["coverage_by_topic", "topic_momentum", "provider_report", "organisation_report"]
    export(sample.out, str(tmp_path), ExportRequest(marts=marts, star=["all"], format="csv"))
    report = Package(str(tmp_path / "latest" / "datapackage.json")).validate()
    assert report.flatten(["type", "title", "note"]) == []
    assert len(report.tasks) == len(marts) + len(STAR)


def test_a_table_of_several_files_is_described_as_one(sample: Run, tmp_path: Path) -> None:
    request = ExportRequest(marts=["none"], star=["articles", "dim_topics"], partition_by="month")
    done = export(sample.out, str(tmp_path), request)
    package = package_of(tmp_path / "latest")
    assert package["articles"]["path"] == [file.path_within for file in done.files if file.table == "articles"]
    assert len(package["articles"]["path"]) > 5
    assert package["dim_topics"]["path"] == "dim_topics.parquet"


def test_sqlite_has_the_relations_as_foreign_keys(sample: Run, tmp_path: Path) -> None:
    export(sample.out, str(tmp_path), ExportRequest(format="sqlite"))
    with closing(sqlite3.connect(tmp_path / "latest" / "frontmart.sqlite")) as connection:
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        keys = connection.execute(
            'select "table", "from", "to" from pragma_foreign_key_list(?)', ["articles"]
        ).fetchall()
        said = connection.execute(
            "select refers_to from dictionary where table_name = 'topic_pairs' and refers_to is not null"
        )
        assert said.fetchall() == [("dim_topics",), ("dim_topics",)]
    assert sorted(keys) == [
        ("dim_dates", "calendar_date", "calendar_date"),
        ("dim_organisations", "organisation_id", "organisation_id"),
        ("dim_providers", "provider_id", "provider_id"),
        ("events", "event_id", "event_id"),
    ]


def plan_of(sample: Run, **given: list[str]) -> list[str]:
    return list(make_plan(published(sample.out), ExportRequest(**given)).spec.tables)


def test_the_star_comes_with_all_marts_and_with_chosen_ones_if_it_is_asked_for(sample: Run) -> None:
    marts = [f"marts.{path.stem}" for path in sorted((sample.out / "published" / "marts").iterdir())]
    assert plan_of(sample) == plan_of(sample, marts=["all"]) == [*marts, *STAR]
    assert plan_of(sample, tables=["files"]) == [*marts, *STAR, "tidy.files"]
    assert plan_of(sample, star=["none"]) == marts
    assert plan_of(sample, marts=["topic_pairs"]) == ["marts.topic_pairs"]
    assert plan_of(sample, marts=["topic_pairs"], star=["articles"]) == ["marts.topic_pairs", "core.articles"]
    assert plan_of(sample, marts=["none"], star=["all"]) == STAR


def test_an_unknown_table_of_the_star_is_named_with_the_known_ones(sample: Run) -> None:
    names = ", ".join(name.removeprefix("core.") for name in STAR)
    with pytest.raises(UsageError, match=f"^unknown star table clusters; use {names}$"):
        plan_of(sample, star=["clusters"])


def test_a_warehouse_of_another_version_is_refused(
    sample: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "column_types", lambda _: {"core.articles": {"document_id": "VARCHAR"}})
    message = "core.articles has other columns than this version of Frontmart describes; run `frontmart build`"
    with pytest.raises(SnapshotError, match=message):
        export(sample.out, str(tmp_path), ExportRequest(star=["articles"]))
    assert not (tmp_path / "manifest.json").exists()


@pytest.fixture(scope="module")
def malloy(parquet: Path) -> str:
    return (parquet / "frontmart.malloy").read_text()


def test_the_semantic_layer_has_what_the_headers_say(malloy: str) -> None:
    sources = dict(
        re.findall(r'^source: \w+ is duckdb\.table\("(\w+)\.parquet"\) (include .*?^})$', malloy, re.M | re.S)
    )
    assert sorted(f"core.{name}" for name in sources) == STAR
    for name, text in sources.items():
        model = MODELS[f"core.{name}"]
        lines = [line.strip() for line in text.splitlines()]
        assert [line for line in lines if line.startswith("public: ")] == [
            f"public: `{name}`" for name in model.columns
        ]
        for column, sentence in model.columns.items():
            before = lines[: lines.index(f"public: `{column}`")]
            assert f"#(doc) {sentence}" in before[-3:], (name, column)
        measures = [line.split()[1] for line in lines if line.startswith("measure: ")]
        assert measures == [measure.name for measure in model.measures]


@pytest.mark.parametrize(
    "line",
    [
        "measure: article_count is count()",
        "measure: news_article_count is count() { where: is_news }",
        "measure: event_count is count(event_id)",
        "measure: image_coverage_share is article_with_image_count / article_count",
        "measure: article_share is article_count / all(article_count)",
        "measure: last_published_at is max(published_at) { where: calendar_date is not null }",
        "join_one: events is events on event_id = events.event_id",
        "join_one: first_providers is providers on first_provider_id = first_providers.provider_id",
        "join_many: article_topics on document_id = article_topics.document_id",
        "primary_key: document_id",
        "# percent",
        "#(doc) Distinct events of these articles. Not additive.",
    ],
)
def test_measures_and_relations_are_written_in_malloy(malloy: str, line: str) -> None:
    assert f"\n  {line}\n" in malloy


def test_a_part_of_the_star_joins_what_is_there(sample: Run) -> None:
    plan = make_plan(published(sample.out), ExportRequest(marts=["none"], star=["articles", "article_topics"]))
    with open_tables(plan.sources) as opened:
        text = malloy_model([(table, MODELS[table.full_name]) for table in opened])
    assert re.findall(r"join_\w+: (\w+)", text) == ["article_topics"]
