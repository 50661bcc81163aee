"""Articles by period: one chart for all, and a small one per topic. A period without articles is zero."""

import altair as alt

from frontmart.report.charts.theme import (
    ACCENT,
    FAINT,
    REST,
    ROOM_FOR_NUMBERS,
    ROWS,
    SURFACE,
    AnyChart,
    period_axis,
    whole_numbers,
)

# Half of the label of the last period.
_ROOM_FOR_LABEL = {"left": 2, "top": 2, "right": 26, "bottom": 2}
# Limits the width of bars if there are only a few periods.
_FEW = alt.ExprRef("length(data('rows')) < 8 ? (8 - length(data('rows'))) / 18 * width : 0")


def articles_over_time(grain: str) -> AnyChart:
    """Bars by period; one that the corpus does not cover whole is paler and dashed, and the last such one is labelled;
    one outside the selected dates is grey.

    Rows: label, start, end (milliseconds), articles, isWhole (covered by the corpus), isSelected.
    """
    bars = _bars(grain, "Articles", 4, [4, 3])
    partial = (
        alt.Chart(ROWS)
        .transform_joinaggregate(latest="max(start)")
        .transform_filter("datum.start === datum.latest")
        .transform_calculate(label="datum.isWhole ? '' : 'partial'")
        .mark_text(align="left", baseline="bottom", dx=4, fill=FAINT, fontSize=11)
        .encode(x=alt.X("end:T", scale=_time()), y=alt.datum(0), text="label:N")
    )
    return alt.layer(bars, partial).properties(width="container", height=220, padding=ROOM_FOR_NUMBERS)


def topic_over_time(grain: str) -> AnyChart:
    """The same chart, small, for one topic; its bars are too narrow for dashes."""
    return _bars(grain, None, 2, []).properties(width="container", height=74, padding=_ROOM_FOR_LABEL)


def _time() -> alt.Scale:
    return alt.Scale(type="utc", nice=False, padding=_FEW)


def _bars(grain: str, title: str | None, ticks: int, dash: list[float]) -> AnyChart:
    tooltip = [
        alt.Tooltip("label:N", title="Period"),
        alt.Tooltip("articles:Q", title="Articles", format=","),
        alt.Tooltip("covered:N", title="Covered"),
    ]
    base = (
        alt.Chart(ROWS)
        .transform_calculate(covered="datum.isWhole ? 'whole period' : 'part of the period'")
        .encode(
            x=alt.X("start:T", scale=_time(), axis=period_axis(grain)),
            x2="end:T",
            y=alt.Y("articles:Q", axis=whole_numbers(title, ticks)),
            y2=alt.datum(0),
            tooltip=tooltip,
        )
    )
    marks: AnyChart = base.mark_bar().encode(
        fill=alt.condition("datum.isSelected", alt.value(ACCENT), alt.value(REST)),
        fillOpacity=alt.condition("datum.isWhole", alt.value(1), alt.value(0.4)),
        stroke=alt.condition("datum.isWhole", alt.value(SURFACE), alt.value(ACCENT)),
        strokeWidth=alt.condition("datum.isWhole", alt.value(0.5), alt.value(1.25 if dash else 0.75)),
        strokeDash=alt.condition("datum.isWhole", alt.value([1, 0]), alt.value(dash)),
    )
    return marks
