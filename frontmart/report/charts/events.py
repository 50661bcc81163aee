"""Time and size of the biggest events, each on a line of its own."""

from typing import Final

import altair as alt

from frontmart.report.charts.theme import ACCENT, FAINT, INK, ROWS, SURFACE, AnyChart

# The number of events that the chart shows, the largest first.
EVENT_COUNT: Final = 12
_LINE_HEIGHT: Final = 42
# Title and size are above the line of the event.
_TITLE_OFFSET: Final = -9
_MARK_OFFSET: Final = 9
_ROOM_FOR_SIZE: Final = 110


def biggest_events() -> AnyChart:
    """A line per event from its first article to its last, below its title; the circle is its first article.

    Rows, the biggest first: title, first, last, articles, organisations.
    """
    base = (
        alt.Chart(ROWS)
        .transform_window(place="row_number()")
        .transform_filter(f"datum.place <= {EVENT_COUNT}")
        .transform_calculate(
            size="datum.organisations + (datum.organisations === 1 ? ' organisation' : ' organisations')"
        )
        .encode(
            y=alt.Y("place:O", axis=None),
            tooltip=[
                alt.Tooltip("title:N", title="Event"),
                alt.Tooltip("articles:Q", title="Articles", format=","),
                alt.Tooltip("organisations:Q", title="Organisations", format=","),
                alt.Tooltip("utcyearmonthdate(first):T", title="First article"),
                alt.Tooltip("utcyearmonthdate(last):T", title="Last article"),
            ],
        )
    )
    time = alt.X(
        "first:T",
        scale=alt.Scale(type="utc", padding=12),
        axis=alt.Axis(title=None, format="%-d %b %Y", tickCount=6, labelOverlap="greedy", labelSeparation=12),
    )
    spans = base.mark_rule(color=ACCENT, opacity=0.5, strokeWidth=3, yOffset=_MARK_OFFSET).encode(x=time, x2="last:T")
    circles = base.mark_circle(color=ACCENT, stroke=SURFACE, opacity=1, yOffset=_MARK_OFFSET).encode(
        x=time, size=alt.Size("organisations:Q", scale=alt.Scale(range=[50, 260], domainMin=0), legend=None)
    )
    titles = base.mark_text(
        align="left",
        fill=INK,
        limit=alt.ExprRef(f"width - {_ROOM_FOR_SIZE}"),
        ellipsis="…",
        baseline="middle",
        dy=_TITLE_OFFSET,
    ).encode(x=alt.value(0), text="title:N")
    sizes = base.mark_text(align="right", fill=FAINT, baseline="middle", dy=_TITLE_OFFSET).encode(
        x=alt.value("width"), text="size:N"
    )
    rules = base.mark_rule(color=FAINT, opacity=0.25, strokeWidth=1, yOffset=_MARK_OFFSET).encode(
        x=alt.value(0), x2=alt.value("width")
    )
    layers = alt.layer(rules, spans, circles, titles, sizes)
    return layers.properties(width="container", height=alt.Step(_LINE_HEIGHT))
