"""Malloy compiles the semantic layer of an export, and its answers are those of the marts, for the same words."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from frontmart.export import ExportRequest, export
from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql

MALLOY = Path(__file__).parent / "malloy"
Ask = Callable[..., list[list[dict[str, Any]]]]

# A mart, its key in Malloy, and the measures that it shares with the semantic layer under the same name.
OF_ARTICLES = ["article_count", "news_article_count", "event_count", "published_article_count", "cluster_count"]
OF_EVENTS = ["shared_event_count", "exclusive_event_count", "late_event_count"]
SHARES = ["article_share", "image_coverage_share", "video_share"]
SAME = [
    (
        "coverage_by_topic",
        "articles",
        {"topic_id": "article_topics.topics.topic_id"},
        [*OF_ARTICLES, "suppressed_article_count", "provider_count", *SHARES, "tagged_news_share", "last_published_at"],
    ),
    (
        "provider_report",
        "articles",
        {"provider_id": "providers.provider_id"},
        [*OF_ARTICLES, "suppressed_article_count", "syndicated_article_count", *SHARES, "first_published_at"],
    ),
    (
        "author_report",
        "articles",
        {"author_id": "article_authors.authors.author_id"},
        [*OF_ARTICLES[:4], *SHARES[:2]],
    ),
    (
        "coverage_by_kind",
        "articles",
        {"kind": "kind"},
        ["article_count", "dated_article_count", "article_with_topic_count", "article_with_image_count",
         "image_coverage_share", "video_count", "provider_count", "article_share"],
    ),
    (
        "provider_topics",
        "articles",
        {"provider_id": "providers.provider_id", "topic_id": "article_topics.topics.topic_id"},
        [*OF_ARTICLES, "syndicated_article_count"],
    ),
    ("provider_report", "events", {"provider_id": "event_providers.providers.provider_id"}, OF_EVENTS),
    (
        "organisation_report",
        "events",
        {"organisation_id": "event_organisations.organisations.organisation_id"},
        OF_EVENTS,
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The star schema of the sample, with the semantic layer."""
    target = tmp_path_factory.mktemp("target")
    export(sample.out, str(target), ExportRequest(marts=["none"], star=["all"]))
    return (target / "latest").resolve()


@pytest.fixture(scope="module")
def ask(folder: Path) -> Ask:
    """Runs Malloy queries -> the rows of each."""

    def run(*queries: str) -> list[list[dict[str, Any]]]:
        if not (MALLOY / "node_modules").is_dir():
            pytest.fail("Malloy is not set up: run `make test-bi`")
        command = ["node", "query.mjs", str(folder), *queries]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=MALLOY)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["problems"] == []
        answers: list[list[dict[str, Any]]] = found["answers"]
        return answers

    return run


def test_every_measure_compiles_and_has_a_value(ask: Ask) -> None:
    measures = {model.name.removeprefix("dim_"): model.measures for model in shipped_sql().models if model.measures}
    queries = [
        f"run: {source} -> {{ aggregate: {', '.join(measure.name for measure in each)} }}"
        for source, each in measures.items()
    ]
    for answer, each in zip(ask(*queries), measures.values(), strict=True):
        assert len(answer) == 1
        assert answer[0].keys() == {measure.name for measure in each}
        assert None not in answer[0].values()


def test_the_answers_are_those_of_the_marts(sample: Run, ask: Ask) -> None:
    queries = []
    for _, source, keys, measures in SAME:
        by, prefix = ", ".join(f"{name} is {path}" for name, path in keys.items()), ""
        if source == "events":
            prefix = next(iter(keys.values())).partition(".")[0] + "."
        wanted = ", ".join(f"{name} is {prefix}{name}" if prefix else name for name in measures)
        queries.append(f"run: {source} -> {{ group_by: {by}; aggregate: {wanted} }}")
    for (mart, source, keys, measures), answer in zip(SAME, ask(*queries), strict=True):
        frame = pl.read_parquet(sample.out / "published" / "marts" / f"{mart}.parquet")
        expected = {row[: len(keys)]: row[len(keys) :] for row in frame.select(*keys, *measures).iter_rows()}
        found = {
            tuple(row[name] for name in keys): tuple(row[name] for name in measures)
            for row in answer
            if all(row[name] is not None for name in keys)
        }
        if source == "events":  # a mart has a row for who reported none
            found = dict.fromkeys(expected, (0,) * len(measures)) | found
        assert expected.keys() <= found.keys(), mart
        for key, values in expected.items():
            for name, value, other in zip(measures, values, found[key], strict=True):
                if name.endswith("_at") and value:
                    assert other[:19] == value.isoformat()[:19], (mart, key, name)
                else:
                    assert other == (value and pytest.approx(value, rel=1e-12)), (mart, key, name)


def test_a_slice_counts_no_article_twice(sample: Run, ask: Ask) -> None:
    """A selection of two topics: a sum over the mart would count the articles with both twice."""
    topics = "article_topics.topics.topic_id = 'city-cycling' | 'c~23'"
    (answer,) = ask(
        f"run: articles -> {{ where: {topics}; aggregate: article_count, event_count, image_coverage_share }}"
    )
    star = sample.out / "published" / "warehouse.duckdb"
    sql = """select count(*) as article_count, count(distinct event_id) as event_count,
        count(*) filter (where has_image) / count(*) as image_coverage_share from core.articles
        where document_id in (from core.article_topics select document_id where topic_id in ('city-cycling', 'c~23'))"""
    with duckdb.connect(str(star), read_only=True) as con:
        expected = con.execute(sql).fetchall()[0]
    assert tuple(answer[0].values()) == pytest.approx(expected)
    mart = pl.read_parquet(sample.out / "published" / "marts" / "coverage_by_topic.parquet")
    of_both = mart.filter(pl.col("topic_id").is_in(["city-cycling", "c~23"]))["article_count"].sum()
    assert answer[0]["article_count"] < of_both
