"""Compile Vega-Altair charts to Vega in advance, so that the page needs no compiler."""

from functools import cache
from typing import Any

import altair as alt
import vl_convert

from frontmart.report.charts.theme import AnyChart, config


def compile_chart(chart: AnyChart) -> dict[str, Any]:
    """The Vega specification of a chart."""
    specification = chart.to_dict(validate=True)
    specification["config"] = config()
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(specification, vl_version=_version())
    return vega


@cache
def library() -> str:
    """Vega's JavaScript for the page, which calls it as `vegaEmbed`: 0.9 MB, bundled in seconds."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=_version())


def _version() -> str:
    """The release of Vega-Lite that Altair writes, in the notation of vl-convert."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
