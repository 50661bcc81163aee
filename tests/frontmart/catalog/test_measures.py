"""Measures: the forms that headers may use, and what is wrong with all others."""

import re

import pytest

from frontmart.catalog.measures import Measure, read_measure

COLUMNS = ("document_id", "event_id", "is_news", "topic_count", "published_at")
ARTICLES = Measure("article_count", "Articles.", "count(*)", "count")


def measure(sql: str) -> Measure:
    return read_measure("measured", sql, "A sentence.", COLUMNS, {"article_count": ARTICLES})


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("count(*)", ("count", None, None, None, None)),
        ("count(*) filter (where is_news)", ("count", None, "is_news", None, None)),
        (
            "count(*) filter (where not is_news and topic_count > 0)",
            ("count", None, "not is_news and topic_count > 0", None, None),
        ),
        ("count(distinct event_id)", ("count_distinct", "event_id", None, None, None)),
        (
            "max(published_at) filter (where event_id is not null)",
            ("max", "published_at", "event_id is not null", None, None),
        ),
        ("article_count / article_count", ("quotient", None, None, "article_count", "article_count")),
        ("article_count / all(article_count)", ("share_of_all", None, None, "article_count", "article_count")),
    ],
)
def test_a_definition_is_parsed(sql: str, expected: tuple[str | None, ...]) -> None:
    found = measure(sql)
    assert (found.aggregate, found.column, found.condition, found.numerator, found.denominator) == expected
    assert found.is_additive == sql.startswith("count(*)")


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("avg(topic_count)", "`avg(topic_count)` is not a measure"),
        ("count(*) filter (where heat > 0)", "heat is not a column"),
        ("count(*) filter (where event_id = 'a')", "`count(*) filter (where event_id = 'a')` is not a measure"),
        ("count(distinct heat)", "heat is not a column"),
        ("article_count / news_count", "news_count is not a measure above it"),
        ("mean_heat / all(mean_heat)", "mean_heat, mean_heat is not a measure above it"),
    ],
)
def test_any_other_is_refused(sql: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}"):
        measure(sql)


def test_a_measure_is_not_called_as_a_column_is() -> None:
    with pytest.raises(ValueError, match="a column has this name"):
        read_measure("topic_count", "count(*)", "A sentence.", COLUMNS, {})
