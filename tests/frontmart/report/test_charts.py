"""Specifications of the charts: what they sort, shade, label and round."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from frontmart.report.cells import decimal_cell, rate_cell, share_cell
from frontmart.report.charts.compile import compile_chart
from frontmart.report.charts.events import biggest_events
from frontmart.report.charts.over_time import articles_over_time
from frontmart.report.charts.pairs import topic_pairs
from frontmart.report.charts.providers import articles_by_author, articles_by_provider, topics_by_provider
from frontmart.report.charts.theme import AnyChart


def text_of(chart: Any) -> str:
    return json.dumps(chart.to_dict(validate=True))


@pytest.mark.parametrize(
    ("grain", "label"),
    [("week", "%-d %b %Y"), ("month", "%b %Y"), ("quarter", "utcyear"), ("year", "%Y")],
)
def test_ticks_are_the_first_days_of_periods_and_labels_have_years(grain: str, label: str) -> None:
    axis = articles_over_time(grain).to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == {"expr": "pluck(data('rows'), 'start')"}
    assert label in axis["labelExpr"]


def test_a_partial_period_is_dashed_and_the_last_one_is_labelled() -> None:
    # The marks as compiled: Vega-Lite drops what a mark does not have, such as the dashes of `rect`.
    bars, label = compile_chart(articles_over_time("month"))["marks"]
    complete, partial = bars["encode"]["update"]["strokeDash"]
    assert (complete["test"], partial) == ("datum.isWhole", {"value": [4, 3]})
    assert label["encode"]["update"]["text"]["signal"].count("label") > 0
    (text,) = [each for each in articles_over_time("month").to_dict()["layer"][1]["transform"] if "calculate" in each]
    assert text["calculate"] == "datum.isWhole ? '' : 'partial'"


def test_pairs_are_sorted_by_the_length_of_their_bars() -> None:
    for layer in topic_pairs().to_dict()["layer"]:
        assert layer["encoding"]["y"]["sort"] == {"field": "events", "op": "max", "order": "descending"}


def test_the_map_of_topics_is_shaded_by_the_ratio_to_what_both_sizes_predict() -> None:
    text = text_of(topics_by_provider())
    assert "datum.row_total * datum.column_total / datum.total" in text
    assert "log((datum.articles + 1) / (datum.expected + 1)) / log(16)" in text


def test_an_event_has_a_line_of_its_own_with_its_title() -> None:
    layers = biggest_events().to_dict()["layer"]
    assert all(each["encoding"]["y"]["field"] == "place" for each in layers)
    assert layers[3]["encoding"]["text"]["field"] == "title"


def test_the_worst_share_is_the_deepest_and_a_rate_is_never_shown_as_none() -> None:
    shades = [share_cell(share, is_shaded=True).shade for share in (0, 0.05, 0.35, 0.99, 1, None)]
    assert shades == [0, 0, 3, 9, 10, None]
    assert [rate_cell(value).text for value in (None, 0.0, 0.00004, 0.05)] == ["–", "0.0000", "under 0.0001", "0.0500"]


@pytest.mark.parametrize("lift", [3.15, 3.25, 2.675, 3.05, 12.349999, 0.95])
def test_a_ratio_has_one_rounding_in_chart_and_table(lift: float) -> None:
    assert f"{round(lift, 1):.1f}" == decimal_cell(lift).text


@pytest.mark.parametrize("chart", [articles_by_provider, articles_by_author, topic_pairs])
def test_bars_by_name_are_not_stacked(chart: Callable[[], AnyChart]) -> None:
    """Vega stacks by names as keys of a JavaScript object, where `constructor` is taken: the chart stayed empty."""
    assert '"stack", "groupby"' not in json.dumps(compile_chart(chart()))
