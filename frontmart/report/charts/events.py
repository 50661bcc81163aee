"""Time and size of the biggest events."""

import altair as alt

from frontmart.report.charts.theme import ACCENT, ROWS, SURFACE, AnyChart, whole_numbers


def biggest_events() -> AnyChart:
    """A circle per event at its first article, a line to its last.

    Rows: title, first, last, articles, organisations.
    """
    base = alt.Chart(ROWS).encode(
        x=alt.X("first:T", scale=alt.Scale(type="utc"), axis=alt.Axis(title="First article", tickCount=8)),
        y=alt.Y("articles:Q", axis=whole_numbers("Articles"), scale=alt.Scale(zero=True)),
    )
    spans = base.mark_rule(color=ACCENT, opacity=0.5, strokeWidth=2).encode(x2="last:T")
    circles = base.mark_circle(color=ACCENT, stroke=SURFACE, opacity=0.85).encode(
        size=alt.Size("organisations:Q", scale=alt.Scale(range=[40, 420], domainMin=0), legend=None),
        tooltip=[
            alt.Tooltip("title:N", title="Event"),
            alt.Tooltip("articles:Q", title="Articles", format=","),
            alt.Tooltip("organisations:Q", title="Organisations", format=","),
            alt.Tooltip("utcyearmonthdate(first):T", title="First article"),
        ],
    )
    return alt.layer(spans, circles).properties(width="container", height=260)
