"""Relations of tables that are given together: those of the headers, from mart to dimension."""

from frontmart.catalog.headers import Reference
from frontmart.catalog.relations import relations
from frontmart.shipped_sql import shipped_sql

MODELS = {model.full_name: model for model in shipped_sql().models}
STAR = [name for name, model in MODELS.items() if model.role]


def test_a_mart_refers_to_another_mart_or_through_it_to_a_dimension() -> None:
    marts = ["marts.topic_momentum", "marts.coverage_by_topic"]
    topic = ("topic_id",)
    assert relations(marts, MODELS)["marts.topic_momentum"] == (Reference(topic, "marts.coverage_by_topic"),)
    found = relations([*marts, "core.dim_topics"], MODELS)
    assert found["marts.topic_momentum"] == (Reference(topic, "core.dim_topics"),)
    assert found["marts.coverage_by_topic"] == (Reference(topic, "core.dim_topics"),)
    # A key of a table in between that is not among them is followed all the same.
    assert relations(["marts.topic_momentum", "core.dim_topics"], MODELS)["marts.topic_momentum"] == (
        Reference(topic, "core.dim_topics"),
    )


def test_a_key_of_a_table_that_is_not_among_them_is_left_out() -> None:
    assert relations(["core.articles", "core.dim_topics"], MODELS) == {"core.articles": (), "core.dim_topics": ()}


def test_tidy_tables_refer_to_their_document() -> None:
    found = relations(["tidy.documents", "tidy.document_topics"], MODELS)
    assert found["tidy.document_topics"] == (Reference(("document_id",), "tidy.documents"),)


def test_the_star_has_the_facts_the_dimensions_and_the_bridges_between_them() -> None:
    by_role = {
        role: sorted(name for name in STAR if MODELS[name].role == role) for role in ("fact", "dimension", "bridge")
    }
    assert by_role == {
        "fact": ["core.articles", "core.events"],
        "dimension": [f"core.dim_{name}" for name in ("authors", "dates", "organisations", "providers", "topics")],
        "bridge": [
            f"core.{name}" for name in ("article_authors", "article_topics", "event_organisations", "event_providers")
        ],
    }
    found = relations(STAR, MODELS)
    for name in by_role["bridge"]:
        assert {each.columns[0] for each in found[name]} >= set(MODELS[name].key), name
    assert {each.table for each in found["core.articles"]} == {
        "core.events", "core.dim_providers", "core.dim_organisations", "core.dim_dates"
    }  # fmt: skip
