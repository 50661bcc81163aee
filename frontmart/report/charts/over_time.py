"""Articles by period: one chart for all, and a small one per topic. A period without articles is zero."""

import altair as alt

from frontmart.report.charts.theme import ACCENT, REST, ROWS, SURFACE, AnyChart, whole_numbers

# Limits the width of bars if there are only a few periods.
_FEW = alt.ExprRef("length(data('rows')) < 8 ? (8 - length(data('rows'))) / 18 * width : 0")


def articles_over_time() -> AnyChart:
    """Bars by period. Rows: label, start, end (milliseconds), articles, complete."""
    return _bars("Articles").properties(width="container", height=220)


def topic_over_time() -> AnyChart:
    """The same chart, small, for one topic."""
    return _bars(None, ticks=2, labels=3).properties(width="container", height=74)


def _bars(title: str | None, ticks: int = 4, labels: int = 8) -> AnyChart:
    time = alt.Scale(type="utc", nice=False, padding=_FEW)
    tooltip = [alt.Tooltip("label:N", title="Period"), alt.Tooltip("articles:Q", title="Articles", format=",")]
    color = alt.condition("datum.complete", alt.value(ACCENT), alt.value(REST))
    chart: AnyChart = (
        alt.Chart(ROWS)
        .mark_rect(stroke=SURFACE, strokeWidth=0.5)
        .encode(
            x=alt.X("start:T", scale=time, axis=alt.Axis(title=None, tickCount=labels, labelOverlap=True)),
            x2="end:T",
            y=alt.Y("articles:Q", axis=whole_numbers(title, ticks)),
            y2=alt.datum(0),
            color=color,
            tooltip=tooltip,
        )
    )
    return chart
