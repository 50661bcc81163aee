"""The charts of a report, as Vega-Altair charts: one subject per module.

Their data source is called `rows`, which the page replaces when a filter changes; their colours are variables of the
page's stylesheet, so that charts follow its theme and its print style.
"""

from collections.abc import Collection
from typing import Any

from frontmart.catalog.features import Feature
from frontmart.report.charts.compile import compile_chart
from frontmart.report.charts.events import biggest_events
from frontmart.report.charts.over_time import articles_over_time, topic_over_time
from frontmart.report.charts.pairs import topic_pairs
from frontmart.report.charts.providers import articles_by_author, articles_by_provider, topics_by_provider
from frontmart.report.charts.runs import run_seconds
from frontmart.report.charts.theme import AnyChart


def compile_charts(features: Collection[Feature], grain: str) -> dict[str, dict[str, Any]]:
    """The Vega specification of each chart, by its name on the page; that of authors only with the feature.

    Args:
        features: what the page shows.
        grain: the length of the periods: week, month, quarter or year.
    """
    charts: dict[str, AnyChart] = {
        "over-time": articles_over_time(grain),
        "topic": topic_over_time(grain),
        "providers": articles_by_provider(),
        "heat": topics_by_provider(),
        "pairs": topic_pairs(),
        "events": biggest_events(),
        "runs": run_seconds(),
    }
    if Feature.AUTHORS in features:
        charts["authors"] = articles_by_author()
    return {name: compile_chart(chart) for name, chart in charts.items()}
