"""Columns that need what a corpus lacks: marks in headers, trimmed models, and sentences about what is missing."""

import pytest

from frontmart.catalog.features import ALL_FEATURES, Feature, absence, absence_notes, features_as_text, features_of_text
from frontmart.catalog.headers import read_header
from frontmart.catalog.layers import INDEXED
from frontmart.catalog.models import Model, read_functions, read_macros, read_models, read_report
from frontmart.catalog.parse_tree import without_columns
from frontmart.catalog.sql_folder import SQL
from frontmart.catalog.trim import TRIMMED, trim, trim_notes
from frontmart.dictionary.column_types import column_types
from frontmart.errors import ModelError

MODELS = read_models(SQL)
MACROS = read_macros(SQL, MODELS)
FUNCTIONS = read_functions(SQL)
HEADER = """-- Topics.
--
-- Grain: a topic.
-- Key: topic_id
-- Needs: topics
-- Columns:
--   topic_id: The topic.
--   mean_heat? [scores]: Mean heat; NULL if no article has one.
--   cluster_count [related]
--   article_count: Articles.
select topic_id from core.article_topics
"""


def named(name: str, models: list[Model]) -> Model:
    return next(model for model in models if model.full_name == name)


def test_a_header_marks_what_a_column_and_a_table_need() -> None:
    header = read_header(HEADER, "sql/marts/topics.sql", "model")
    assert header.needs is Feature.TOPICS
    assert {name: column.feature for name, column in header.columns.items()} == {
        "topic_id": None, "mean_heat": Feature.SCORES, "cluster_count": Feature.RELATED, "article_count": None,
    }  # fmt: skip
    assert header.columns["mean_heat"].is_nullable
    assert header.columns["mean_heat"].sentence == "Mean heat; NULL if no article has one."
    assert header.columns["cluster_count"].sentence is None


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[scores]", "[score]", "sql/marts/topics.sql:8: unknown feature `score`. Use one of `scores`, `related`, "),
        ("Needs: topics", "Needs: tags", "sql/marts/topics.sql:10: unknown feature `tags`. Use one of `scores`, "),
        ("topic_id: The", "topic_id [topics]: The", "sql/marts/topics.sql:10: the key names `topic_id`, which not "),
    ],
)
def test_a_wrong_mark_is_an_error_with_its_line(before: str, after: str, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_header(HEADER.replace(before, after), "sql/marts/topics.sql", "model")
    assert str(caught.value).startswith(message)


def test_a_column_inherits_the_mark_of_the_column_that_it_copies() -> None:
    assert named("main.topics", MODELS).column_needs["cluster_count"] is Feature.RELATED
    assert named("macros.coverage", MACROS).column_needs == {
        "cluster_count": Feature.RELATED, "provider_count": Feature.PROVIDER,
    }  # fmt: skip


def test_only_what_people_see_is_marked() -> None:
    searched = read_macros(SQL, MODELS, INDEXED)
    marked = [model for model in [*MODELS, *MACROS, *searched, *read_report(SQL)] if model.column_needs or model.needs]
    assert len(marked) > 20
    assert {model.layer for model in marked} == set(TRIMMED)


def test_with_all_features_the_models_are_as_they_are() -> None:
    assert trim(MODELS, ALL_FEATURES) == MODELS
    assert trim(MODELS, None) == MODELS


def test_a_trimmed_model_has_neither_the_columns_nor_what_refers_to_them() -> None:
    whole = named("marts.coverage_by_topic", MODELS)
    trimmed = named("marts.coverage_by_topic", trim(MODELS, ALL_FEATURES - {Feature.PROVIDER, Feature.SCORES}))
    assert [name for name in whole.columns if name not in trimmed.columns] == [
        "suppressed_article_count", "provider_count", "heat_article_count", "heat_basis", "mean_heat", "median_heat",
        "max_heat", "quality_article_count", "quality_basis", "mean_quality", "median_quality", "max_quality",
        "top_provider_id", "top_provider_name", "top_provider_share", "provider_hhi",
    ]  # fmt: skip
    assert trimmed.nullable == whole.nullable & trimmed.columns.keys()
    assert [each.table for each in whole.references] == ["core.dim_topics", "marts.provider_report"]
    assert [each.table for each in trimmed.references] == ["core.dim_topics"]
    assert trimmed.description == whole.description


def test_a_model_that_needs_what_is_absent_is_empty_and_says_so() -> None:
    whole = named("main.clusters", MODELS)
    trimmed = named("main.clusters", trim(MODELS, ALL_FEATURES - {Feature.RELATED}))
    assert trimmed.columns == whole.columns
    assert trimmed.sql.endswith(" as model where false")
    assert trimmed.description == f"{whole.description} Empty here: no post has what it needs."


@pytest.mark.parametrize("absent", [*([feature] for feature in Feature), list(Feature)], ids=", ".join)
def test_every_model_and_macro_runs_without_a_feature(absent: list[Feature]) -> None:
    have = ALL_FEATURES - set(absent)
    models, macros = trim(MODELS, have), trim(MACROS, have)
    types = column_types(models, macros, FUNCTIONS)
    assert {model.full_name: list(model.columns) for model in [*models, *macros]} == {
        name: list(columns) for name, columns in types.items() if not name.startswith("tidy.")
    }


def test_columns_are_left_out_of_a_query_and_of_its_ctes() -> None:
    sql = """
        with a as (select x, sum(y) as total, z as y from t group by all),
        b as (select x, total from a union all select x, 1 as total from u)
        select b.x, b.total, count(*) from b group by all order by b.x
    """
    assert without_columns(((sql, frozenset({"total", "y"})), ("select a, y from t", frozenset({"y"})))) == (
        "WITH a AS (SELECT x FROM t GROUP BY ALL), b AS ((SELECT x FROM a) UNION ALL (SELECT x FROM u)) "
        "SELECT b.x, count_star() FROM b GROUP BY ALL ORDER BY b.x",
        "SELECT a FROM t",
    )


def test_features_are_stored_as_text() -> None:
    assert features_as_text({Feature.TOPICS, Feature.SCORES}) == "scores, topics"
    for features in (frozenset[Feature](), frozenset({Feature.IMAGES}), ALL_FEATURES):
        assert features_of_text(features_as_text(features)) == features
    assert features_of_text(None) == ALL_FEATURES


def test_one_line_says_what_is_missing_why_and_which_marts_are_empty() -> None:
    assert trim_notes(MODELS, ALL_FEATURES) == []
    assert trim_notes(MODELS, ALL_FEATURES - {Feature.PROVIDER}) == [
        "No provider: no key of these files says who published them; set `provider` in the mapping file "
        "(docs/mapping.md), until then blindspots, organisation_report, provider_bursts, provider_followers, "
        "provider_over_time, provider_overlap, provider_report, provider_topics and share_of_voice are empty."
    ]
    assert trim_notes(MODELS, ALL_FEATURES - {Feature.RELATED}) == [
        "No related items: no post lists other articles with their title and URL, so there are no clusters and "
        "related_coverage is empty."
    ]


def test_what_is_absent_is_said_in_words_without_tables() -> None:
    assert absence(ALL_FEATURES) == ""
    assert absence(ALL_FEATURES - {Feature.PROVIDER}) == "a provider"
    assert absence(ALL_FEATURES - {Feature.RELATED, Feature.SCORES, Feature.VIDEOS}) == (
        "related articles, heat or quality or videos"
    )


def test_what_makes_no_mart_empty_is_one_sentence_and_images_cover_their_details() -> None:
    assert absence_notes(ALL_FEATURES - {Feature.SCORES, Feature.IMAGE_SIZES, Feature.VIDEOS}, []) == [
        "No post has heat or quality, image sizes or videos: no mart has columns for that."
    ]
    images = {Feature.IMAGES, Feature.IMAGE_SIZES, Feature.IMAGE_HOSTS, Feature.IMAGE_CACHE}
    assert absence_notes(ALL_FEATURES - images, []) == ["No post has images: no mart has columns for that."]


def test_the_sentence_of_several_features_names_the_marts_that_are_empty() -> None:
    assert trim_notes(MODELS, ALL_FEATURES - {Feature.SCORES, Feature.VIDEOS}) == [
        "No post has heat or quality or videos: no mart has columns for that, and lead_changes and score_profile are "
        "empty."
    ]


def test_a_view_over_a_trimmed_mart_keeps_its_order_of_rows() -> None:
    macro = named("macros.coverage", trim(MACROS, ALL_FEATURES - {Feature.PROVIDER}))
    assert macro.sql.endswith("ORDER BY periods.period_start_date")
