"""Pairs of topics that co-occur more often than chance predicts."""

import altair as alt

from frontmart.report.charts.theme import ACCENT, NAME_LIMIT, ROOM_FOR_NUMBERS, ROWS, AnyChart, whole_numbers


def topic_pairs() -> AnyChart:
    """Bars by pair, labelled with the lift. Rows: pair, articles, lift."""
    tooltip = [
        alt.Tooltip("pair:N", title="Topics"),
        alt.Tooltip("articles:Q", title="Articles with both", format=","),
        alt.Tooltip("lift:Q", title="Times as many as chance predicts", format=".1f"),
    ]
    base = alt.Chart(ROWS).encode(
        y=alt.Y("pair:N", sort=None, axis=alt.Axis(title=None, labelLimit=NAME_LIMIT)),
        x=alt.X("articles:Q", axis=whole_numbers("Articles with both")),
        tooltip=tooltip,
    )
    numbers = base.transform_calculate(times="format(datum.lift, '.1f') + '×'").mark_text(align="left", dx=4)
    bars = base.mark_bar(color=ACCENT, cornerRadiusEnd=2)
    layers = alt.layer(bars, numbers.encode(text=alt.Text("times:N")))
    return layers.properties(width="container", height=alt.Step(24), padding=ROOM_FOR_NUMBERS)
