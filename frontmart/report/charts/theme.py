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


# A share (0..1) in whole percent, as `wording.percent` writes it.
PERCENT: Final = (
    "datum.share > 0 && datum.share < 0.01 ? 'under 1 %' : datum.share > 0.99 && datum.share < 1 ? 'over 99 %' "
    ": floor(datum.share * 100 + 0.5) + ' %'"
)
# The label of a period by its first day; each has its year, so that a label alone says when.
_PERIOD_LABELS: Final = {
    "week": "utcFormat(datum.value, '%-d %b %Y')",
    "month": "utcFormat(datum.value, '%b %Y')",
    "quarter": "'Q' + utcquarter(datum.value) + ' ' + utcyear(datum.value)",
    "year": "utcFormat(datum.value, '%Y')",
}


def period_axis(grain: str) -> alt.Axis:
    """An axis of time with a tick at the first day of each period of the rows, so that weeks have theirs on Mondays."""
    starts = alt.ExprRef("pluck(data('rows'), 'start')")
    return alt.Axis(
        title=None, values=starts, labelExpr=_PERIOD_LABELS[grain], labelOverlap="greedy", labelSeparation=12,
        labelFlush=True, tickSize=3,
    )  # fmt: skip


def whole_numbers(title: str | None, ticks: int = 4) -> alt.Axis:
    """An axis of counts, such as 500, 1k, 1.5k, without labels between whole numbers."""
    labels = "datum.value % 1 ? '' : datum.value < 1000 ? format(datum.value, 'd') : format(datum.value, '.3~s')"
    return alt.Axis(title=title, tickCount=ticks, tickMinStep=1, labelExpr=labels)
