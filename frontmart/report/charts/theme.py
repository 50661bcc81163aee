"""The parts that all charts share: data source, colours, axes."""

from typing import Any, Final

import altair as alt
from altair.typing import ChartType

AnyChart = ChartType
ROWS: Final = alt.NamedData("rows")
# Variables of the page's stylesheet, which differ in light mode, dark mode and print.
ACCENT, REST, INK, FAINT, GRID, SURFACE, BAD = (
    f"var(--{name})" for name in ("accent", "rest", "ink", "faint", "grid", "surface", "bad")
)
HEAT: Final = "var(--heat)"
_FONT: Final = "system-ui, sans-serif"
# Room for the label of the longest bar.
ROOM_FOR_NUMBERS: Final = {"left": 2, "top": 2, "right": 44, "bottom": 2}
# Shorter names on narrow charts, as on a phone.
NAME_LIMIT: Final = alt.ExprRef("containerSize()[0] < 480 ? 120 : 240")


def config() -> dict[str, Any]:
    """The Vega-Lite configuration of all charts."""
    return {
        "background": None,
        "font": _FONT,
        "padding": 2,
        "view": {"stroke": None},
        "axis": {
            "labelColor": FAINT,
            "titleColor": FAINT,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": GRID,
            "tickColor": GRID,
            "labelPadding": 6,
        },
        "axisX": {"grid": False, "tickSize": 4},
        "axisY": {"domain": False, "ticks": False},
        "text": {"fill": INK, "fontSize": 12},
        "legend": {"labelColor": FAINT, "titleColor": FAINT, "titleFontWeight": "normal", "symbolFillColor": ACCENT},
    }


def whole_numbers(title: str | None, ticks: int = 4) -> alt.Axis:
    """An axis of counts, such as 500, 1k, 1.5k, without labels between whole numbers."""
    labels = "datum.value % 1 ? '' : datum.value < 1000 ? format(datum.value, 'd') : format(datum.value, '.3~s')"
    return alt.Axis(title=title, tickCount=ticks, tickMinStep=1, labelExpr=labels)
