"""Articles by provider or by author, and by topic and provider."""

import altair as alt

from frontmart.report.charts.theme import ACCENT, HEAT, INK, NAME_LIMIT, ROOM_FOR_NUMBERS, ROWS, AnyChart, whole_numbers

# In the order of the rows, by rank.
_AS_GIVEN = None


def articles_by_provider() -> AnyChart:
    """Bars by provider. Rows: provider, articles, share (0..1)."""
    return _articles_by("provider")


def articles_by_author() -> AnyChart:
    """Bars by author. Rows: author, articles, share (0..1)."""
    return _articles_by("author")


def _articles_by(who: str) -> AnyChart:
    tooltip = [
        alt.Tooltip(f"{who}:N", title=who.capitalize()),
        alt.Tooltip("articles:Q", title="Articles", format=","),
        alt.Tooltip("share:Q", title="Share", format=".1%"),
    ]
    base = alt.Chart(ROWS).encode(
        y=alt.Y(f"{who}:N", sort=_AS_GIVEN, axis=alt.Axis(title=None, labelLimit=NAME_LIMIT)),
        x=alt.X("articles:Q", axis=whole_numbers("Articles")),
        tooltip=tooltip,
    )
    bars = base.mark_bar(color=ACCENT, cornerRadiusEnd=2)
    numbers = base.transform_calculate(percent="format(100 * datum.share, '.1f') + ' %'").mark_text(align="left", dx=4)
    return alt.layer(bars, numbers.encode(text=alt.Text("percent:N"))).properties(
        width="container", height=alt.Step(24), padding=ROOM_FOR_NUMBERS
    )


def topics_by_provider() -> AnyChart:
    """A heat map of topics by provider. Rows: topic, provider, articles; no row for zero articles."""
    tooltip = [
        alt.Tooltip("topic:N", title="Topic"),
        alt.Tooltip("provider:N", title="Provider"),
        alt.Tooltip("articles:Q", title="Articles", format=","),
    ]
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "provider:N",
            sort=_AS_GIVEN,
            axis=alt.Axis(title=None, labelAngle=-45, labelLimit=130, domain=False, ticks=False),
        ),
        y=alt.Y("topic:N", sort=_AS_GIVEN, axis=alt.Axis(title=None, labelLimit=NAME_LIMIT)),
        tooltip=tooltip,
    )
    depth = alt.Scale(type="sqrt", range=[0.08, 0.62], domainMin=0)
    cells = base.mark_rect(fill=HEAT, cornerRadius=2).encode(
        fillOpacity=alt.FillOpacity("articles:Q", scale=depth, legend=None)
    )
    numbers = base.mark_text(fill=INK).encode(
        text=alt.Text("articles:Q", format="~s"),
        opacity=alt.condition("bandwidth('x') > 22", alt.value(1), alt.value(0)),
    )
    return alt.layer(cells, numbers).properties(width="container", height=alt.Step(28))
