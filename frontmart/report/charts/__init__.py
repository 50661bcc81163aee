"""The charts of a report, as Vega-Altair charts: one subject per module.

Their data source is called `rows`, which the page replaces when a filter changes; their colours are variables of the
page's stylesheet, so that charts follow its theme and its print style.
"""

from typing import Any

from frontmart.report.charts.compile import compile_chart
from frontmart.report.charts.over_time import articles_over_time, topic_over_time
from frontmart.report.charts.pairs import topic_pairs
from frontmart.report.charts.providers import articles_by_provider, topics_by_provider
from frontmart.report.charts.runs import run_seconds
from frontmart.report.charts.stories import biggest_stories
from frontmart.report.charts.theme import AnyChart


def compile_charts() -> dict[str, dict[str, Any]]:
    """The Vega specification of each chart, by its name on the page."""
    charts: dict[str, AnyChart] = {
        "over-time": articles_over_time(),
        "topic": topic_over_time(),
        "providers": articles_by_provider(),
        "heat": topics_by_provider(),
        "pairs": topic_pairs(),
        "stories": biggest_stories(),
        "runs": run_seconds(),
    }
    return {name: compile_chart(chart) for name, chart in charts.items()}
