"""The charts of a report: one idea a file, each a Vega-Altair chart of the rows that the page gives it.

Rows come under the name `rows`, so that filters change them in the page; colours are names of the page's stylesheet,
so that charts follow its theme and its print.
"""

from typing import Any

from frontmart.report.charts.compile import compiled
from frontmart.report.charts.over_time import articles_over_time, topic_over_time
from frontmart.report.charts.pairs import topic_pairs
from frontmart.report.charts.providers import articles_by_provider, topics_by_provider
from frontmart.report.charts.runs import run_seconds
from frontmart.report.charts.stories import biggest_stories
from frontmart.report.charts.theme import Drawn


def compiled_charts() -> dict[str, dict[str, Any]]:
    """The Vega specification of each chart, by the name that the page calls it by."""
    charts: dict[str, Drawn] = {
        "over-time": articles_over_time(),
        "topic": topic_over_time(),
        "providers": articles_by_provider(),
        "heat": topics_by_provider(),
        "pairs": topic_pairs(),
        "stories": biggest_stories(),
        "runs": run_seconds(),
    }
    return {name: compiled(chart) for name, chart in charts.items()}
