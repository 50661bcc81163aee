"""From a Vega-Altair chart to the Vega that the page draws: compiled here, so that a reader's browser need not."""

from functools import cache
from typing import Any

import altair as alt
import vl_convert

from frontmart.report.charts.theme import Drawn, config


def compiled(chart: Drawn) -> dict[str, Any]:
    """The Vega specification of a chart."""
    specification = chart.to_dict(validate=True)
    specification["config"] = config()
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(specification, vl_version=_version())
    return vega


@cache
def library() -> str:
    """Vega's JavaScript, which the page carries and calls as `vegaEmbed`: 0.9 MB. To bundle it takes seconds."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=_version())


def _version() -> str:
    """The release of Vega-Lite that Altair writes, as vl-convert calls it."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
