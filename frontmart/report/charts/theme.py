"""What all charts have in common: their rows, their colours, quiet axes."""

from typing import Any, Final

import altair as alt
from altair.typing import ChartType

Drawn = ChartType
ROWS: Final = alt.NamedData("rows")
# Names of the page's stylesheet: the browser resolves them, in light, in dark and on paper.
ACCENT, REST, INK, FAINT, GRID, SURFACE, BAD = (
    f"var(--{name})" for name in ("accent", "rest", "ink", "faint", "grid", "surface", "bad")
)
HEAT: Final = "var(--heat)"
_FONT: Final = "system-ui, sans-serif"
# Where numbers stand behind the longest bar.
ROOM_FOR_NUMBERS: Final = {"left": 2, "top": 2, "right": 44, "bottom": 2}
# Narrow charts, as on a phone, have room for shorter names.
NAME_LIMIT: Final = alt.ExprRef("containerSize()[0] < 480 ? 120 : 240")


def config() -> dict[str, Any]:
    """The configuration that charts are compiled with."""
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
    """An axis of counts: 500, 1k, 1.5k; what lies between whole numbers has no label."""
    labels = "datum.value % 1 ? '' : datum.value < 1000 ? format(datum.value, 'd') : format(datum.value, '.3~s')"
    return alt.Axis(title=title, tickCount=ticks, tickMinStep=1, labelExpr=labels)
