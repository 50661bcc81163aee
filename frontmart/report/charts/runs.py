"""Duration and outcome of runs."""

import altair as alt

from frontmart.report.charts.theme import ACCENT, BAD, ROWS, AnyChart


def run_seconds() -> AnyChart:
    """Bars by run. Rows: run, seconds, outcome."""
    chart: AnyChart = (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusEnd=2, size=alt.ExprRef("min(48, 0.85 * bandwidth('x'))"))
        .encode(
            x=alt.X("run:O", axis=alt.Axis(title="Run", labelAngle=0, labelOverlap=True)),
            y=alt.Y("seconds:Q", axis=alt.Axis(title="Seconds", tickCount=4)),
            color=alt.condition("datum.outcome == 'published'", alt.value(ACCENT), alt.value(BAD)),
            tooltip=[
                alt.Tooltip("run:O", title="Run"),
                alt.Tooltip("outcome:N", title="Outcome"),
                alt.Tooltip("seconds:Q", title="Seconds", format=",.1f"),
            ],
        )
        .properties(width="container", height=140)
    )
    return chart
