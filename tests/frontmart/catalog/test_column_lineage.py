"""The lineage of the columns of marts; for SQL that sqlglot cannot resolve, all columns that the model reads."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

from frontmart.catalog.column_lineage import column_lineage, columns_read, table_lineage
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model, read_models
from frontmart.catalog.sql_folder import SQL
from tests.sql.frames import model_of
from transforms.fields import declared_fields

MODELS = read_models(SQL)
COLUMNS = {f"tidy.{name}": schema.column_names() for name, schema in INPUTS.items()}
COLUMNS |= {model.full_name: list(model.columns) for model in MODELS}

COVERAGE = {"canonical_url", "document_kind", "name", "provider_id", "title"}


@cache
def lineage() -> dict[str, dict[str, frozenset[str]]]:
    """The lineage of all marts. Not when this module is imported, which every worker does: it takes seconds."""
    return column_lineage(MODELS)


def of(table: str, names: Iterable[str]) -> set[str]:
    return {f"tidy.{table}.{name}" for name in names}


LINKED = of("documents", {*COVERAGE, "document_id", "path"}) | of("build", ["preset"]) | of("article_kinds", ["kind"])
NEWS_DAY = of("documents", ["published_at"]) | of("build", ["as_of_date", "is_as_of_given"])
NEWS_DAY |= of("article_kinds", ["kind"])
CLUSTER = LINKED | of("related_items", ["document_id"])


def mart(query: str, columns: Iterable[str], reads: Iterable[str]) -> Model:
    return replace(model_of(query, columns=list(columns), layer="marts"), reads=frozenset(reads))


@pytest.mark.parametrize("model", MODELS, ids=[model.full_name for model in MODELS])
def test_every_column_of_every_model_resolves(model: Model) -> None:
    found = columns_read(model, {name: COLUMNS[name] for name in model.reads})
    assert list(found) == list(model.columns)


def test_every_mart_has_every_column() -> None:
    marts = {model.full_name: list(model.columns) for model in MODELS if model.layer == "marts"}
    assert {name: list(columns) for name, columns in lineage().items()} == marts


def test_a_mart_is_followed_through_core_and_staging_to_the_tidy_tables() -> None:
    # An alias may stand for the topic, and an event has the tags of its first tagged article.
    alias, article = of("aliases", ["target"]), of("documents", ["document_id"])
    topic_id = of("document_topics", ["topic_id"]) | alias
    topic = of("document_topics", ["topic", "position"]) | alias
    lead = of("article_events", ["event_id"]) | of("documents", ["path", "published_at"])
    assert lineage()["marts.topic_pairs"] == {
        "topic_id_a": topic_id,
        "topic_id_b": topic_id,
        "topic_a": topic,
        "topic_b": topic,
        "article_count": set(),
        "news_article_count": of("article_kinds", ["kind"]),
        "event_count": of("article_events", ["event_id"]),
        "cluster_count": CLUSTER,
        "topic_a_article_count": article,
        "topic_b_article_count": article,
        "topic_a_share": article,
        "topic_b_share": article,
        "jaccard_share": article,
        "observed_count": lead,
        "topic_a_observed_count": set(),
        "topic_b_observed_count": set(),
        "topic_a_other_tag_count": set(),
        "topic_b_other_tag_count": set(),
        "tag_count": set(),
        "expected_count": set(),
        "lift": lead,
        "p_value": lead,
        "q_value": lead,
        "is_more_than_chance": lead,
    }


@pytest.mark.parametrize(
    ("column", "origins"),
    [
        # Through a filter, an alias of the same SELECT, and a day that the build gives.
        (
            "coverage_by_topic.last_7_days_growth_share",
            NEWS_DAY,
        ),
        # Through a named window, whose order and partition decide what is added up.
        (
            "coverage_by_topic_over_time.cumulative_article_count",
            NEWS_DAY | of("document_topics", ["topic_id"]) | of("aliases", ["target"]),
        ),
        # Through a union of two sightings of a provider.
        (
            "provider_report.provider_domain",
            of("documents", ["provider_domain"]) | of("related_items", ["provider_domain"]),
        ),
        # Through the recursive CTE of core.article_clusters.
        ("image_coverage.placeholder_image_count", CLUSTER),
        # Through QUALIFY, which selects a row, to the columns by which it selects.
        ("related_coverage.resolved_item_count", LINKED),
        ("run_history.files_per_second", of("runs", ["file_count", "total_seconds"])),
    ],
)
def test_a_column_comes_from_what_its_expressions_name(column: str, origins: set[str]) -> None:
    name, _, column = column.partition(".")
    assert lineage()[f"marts.{name}"][column] == origins


def test_columns_that_are_unpivoted_unnamed_lead_to_each_of_them() -> None:
    fields = {field.column_name for field in declared_fields() if field.table_name == "documents"} - {None}
    origins = of("documents", {*fields, "is_suppressed", "extra"})
    assert lineage()["marts.field_completeness"]["present_count"] == origins


def test_constants_and_counts_of_rows_come_from_no_column() -> None:
    expected = {
        "coverage_by_topic": [
            "article_count",
            "article_share",
            "topic_row_share",
            "top_provider_share",
            "provider_hhi",
        ],
        "coverage_by_topic_over_time": ["period_grain", "article_count", "article_share"],
        "drift": [],
        "field_completeness": ["document_count", "absent_count"],
        "image_coverage": ["article_count"],
        "organisation_report": [
            "article_count",
            "topic_count",
            "provided_article_share",
            "top_topic_share",
            "topic_hhi",
            "effective_topic_number",
            "shared_event_count",
            "expected_firsts",
        ],
        "provider_followers": ["shared_event_count"],
        "provider_over_time": ["period_grain", "article_count", "article_share"],
        "provider_overlap": [
            "shared_event_count",
            "union_event_count",
            "event_jaccard",
            "shared_topic_count",
            "topic_cosine",
        ],
        "provider_report": [
            "article_count",
            "topic_count",
            "article_share",
            "top_topic_share",
            "topic_hhi",
            "effective_topic_number",
            "shared_event_count",
            "expected_firsts",
        ],
        "provider_topics": ["article_count", "topic_article_share"],
        "related_coverage": ["is_related_only", "related_item_count"],
        "run_history": [],
        "share_of_voice": ["period_grain", "news_article_count"],
        "topic_pairs": [
            "article_count",
            "topic_a_observed_count",
            "topic_b_observed_count",
            "topic_a_other_tag_count",
            "topic_b_other_tag_count",
            "tag_count",
            "expected_count",
        ],
    }
    found = {
        name: [column for column, origins in lineage()[f"marts.{name}"].items() if not origins] for name in expected
    }
    assert found == expected


@pytest.mark.parametrize(
    ("query", "origins"),
    [
        ("select item as a from tidy.document_items", ["item"]),
        ('select "item" as a from tidy.document_items', ["item"]),
        (
            "select t.v as a from tidy.document_items as i, unnest([i.item, i.document_id]) as t(v)",
            ["item", "document_id"],
        ),
        ("select (select max(i.item) from tidy.document_items as i) as a", ["item"]),
        ("select position as a from tidy.document_items qualify rank() over (order by item) = 1", ["position"]),
        ("with r as (select item from tidy.document_items) select r.item as a from r where item > 'b'", ["item"]),
        ("select list_transform([item], x -> x || position)[1] as a from tidy.document_items", ["item", "position"]),
        ("select * from (values ('x')) as v(a)", []),
        (
            "with recursive r as (select item as v, 0 as n from tidy.document_items union all "
            "select v || 'x' as v, n + 1 as n from r where n < 3) select v as a from r",
            ["item"],
        ),
        ("select range as a from range(3)", []),
    ],
)
def test_sql_that_a_mart_may_come_to_use_resolves(query: str, origins: list[str]) -> None:
    model = mart(query, columns=["a"], reads=["tidy.document_items"])
    assert column_lineage([model]) == {"marts.it": {"a": of("document_items", origins)}}


@pytest.mark.parametrize(
    "query",
    [
        "select a frm tidy.rejects (",
        "delete from tidy.rejects",
        "select nosuch as a from tidy.rejects",
        f"select {'(' * 3_000}path{')' * 3_000} as a from tidy.rejects",
        "with recursive r(a) using key (a) as (select path from tidy.rejects union "
        "(select own.a || 'x' from r inner join recurring.r as own on own.a = r.a)) select a from r",
        "",
    ],
    ids=["syntax", "no_select", "unknown_column", "depth", "recurring", "nothing"],
)
def test_where_sql_defeats_sqlglot_a_column_comes_from_all_that_its_model_could_read(query: str) -> None:
    model = mart(query, columns=["a"], reads=["tidy.rejects", "tidy.document_items"])
    everything = of("rejects", COLUMNS["tidy.rejects"]) | of("document_items", COLUMNS["tidy.document_items"])
    assert column_lineage([model]) == {"marts.it": {"a": everything}}


def test_a_column_that_does_not_resolve_leaves_the_others_alone() -> None:
    query = "select path as a, nosuch as b from tidy.rejects"
    model = mart(query, columns=["a", "b"], reads=["tidy.rejects"])
    everything = of("rejects", COLUMNS["tidy.rejects"])
    assert column_lineage([model]) == {"marts.it": {"a": of("rejects", ["path"]), "b": everything}}


def test_a_model_that_defeats_sqlglot_hands_all_it_could_read_down_to_the_mart() -> None:
    core = replace(mart("select (", columns=["a", "b"], reads=["tidy.document_items"]), layer="core", name="odd")
    model = mart("select b as a from core.odd", columns=["a"], reads=["core.odd"])
    everything = of("document_items", COLUMNS["tidy.document_items"])
    assert column_lineage([core, model]) == {"marts.it": {"a": everything}}


def test_a_table_is_made_of_the_tidy_ones_beneath_it() -> None:
    found = table_lineage(MODELS)
    assert found["tidy.rejects"] == {"tidy.rejects"}
    assert found["marts.run_history"] == {"tidy.runs"}
    assert found["core.article_clusters"] == {
        "tidy.article_kinds",
        "tidy.build",
        "tidy.documents",
        "tidy.related_items",
    }
