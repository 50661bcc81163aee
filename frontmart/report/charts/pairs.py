"""Pairs of topics that co-occur more often than chance predicts."""

import altair as alt

from frontmart.report.charts.theme import ACCENT, NAME_LIMIT, ROOM_FOR_NUMBERS, ROWS, AnyChart, whole_numbers


def topic_pairs() -> AnyChart:
    """Bars by pair, the longest first, labelled with the lift. Rows: pair, events, lift (rounded)."""
    tooltip = [
        alt.Tooltip("pair:N", title="Topics"),
        alt.Tooltip("events:Q", title="With both topics", format=","),
        alt.Tooltip("lift:Q", title="Times as many as by chance", format=".1f"),
    ]
    base = alt.Chart(ROWS).encode(
        y=alt.Y(
            "pair:N",
            sort=alt.EncodingSortField("events", op="max", order="descending"),
            axis=alt.Axis(title=None, labelLimit=NAME_LIMIT),
        ),
        x=alt.X("events:Q", stack=None, axis=whole_numbers("With both topics")),
        tooltip=tooltip,
    )
    numbers = base.transform_calculate(times="datum.lift === null ? '' : format(datum.lift, '.1f') + '×'").mark_text(
        align="left", dx=4
    )
    bars = base.mark_bar(color=ACCENT, cornerRadiusEnd=2)
    layers = alt.layer(bars, numbers.encode(text=alt.Text("times:N")))
    return layers.properties(width="container", height=alt.Step(24), padding=ROOM_FOR_NUMBERS)
