"""Articles by provider or by author, and by topic and provider."""

import altair as alt

from frontmart.report.charts.theme import (
    ACCENT,
    HEAT,
    INK,
    NAME_LIMIT,
    PERCENT,
    ROOM_FOR_NUMBERS,
    ROWS,
    AnyChart,
    whole_numbers,
)

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
        alt.Tooltip("percent:N", title="Share"),
    ]
    base = (
        alt.Chart(ROWS)
        .transform_calculate(percent=PERCENT)
        .encode(
            y=alt.Y(f"{who}:N", sort=_AS_GIVEN, axis=alt.Axis(title=None, labelLimit=NAME_LIMIT)),
            x=alt.X("articles:Q", stack=None, axis=whole_numbers("Articles")),
            tooltip=tooltip,
        )
    )
    bars = base.mark_bar(color=ACCENT, cornerRadiusEnd=2)
    numbers = base.mark_text(align="left", dx=4)
    return alt.layer(bars, numbers.encode(text=alt.Text("percent:N"))).properties(
        width="container", height=alt.Step(24), padding=ROOM_FOR_NUMBERS
    )


def topics_by_provider() -> AnyChart:
    """A heat map of topics by provider. Rows: topic, provider, articles; no row for zero articles.

    A cell is the darker the more its articles exceed what the sizes of its row and its column predict, among the
    topics and providers shown: a topic that all report, and a provider that reports on all, stay pale. One article is
    added to both numbers, so that a few articles make no dark cell. Of a single row or column the articles decide.
    """
    tooltip = [
        alt.Tooltip("topic:N", title="Topic"),
        alt.Tooltip("provider:N", title="Provider"),
        alt.Tooltip("articles:Q", title="Articles", format=","),
        alt.Tooltip("usual:N", title="By the sizes of both"),
    ]
    base = (
        alt.Chart(ROWS)
        .transform_joinaggregate(row_total="sum(articles)", columns="distinct(provider)", groupby=["topic"])
        .transform_joinaggregate(column_total="sum(articles)", rows="distinct(topic)", groupby=["provider"])
        .transform_joinaggregate(total="sum(articles)", most="max(articles)", row_most="max(rows)",
                                 column_most="max(columns)")
        .transform_calculate(
            expected="datum.row_total * datum.column_total / datum.total",
            usual="format(datum.expected, ',.1f')",
            depth=(
                "datum.row_most < 2 || datum.column_most < 2 ? datum.articles / datum.most "
                ": clamp(0.5 + log((datum.articles + 1) / (datum.expected + 1)) / log(16), 0, 1)"
            ),
            number="datum.articles < 1000 ? '' + datum.articles : format(datum.articles / 1000, '.1f') + 'k'",
        )
        .encode(
            x=alt.X(
                "provider:N",
                sort=_AS_GIVEN,
                axis=alt.Axis(title=None, labelAngle=-45, labelLimit=130, domain=False, ticks=False),
            ),
            y=alt.Y("topic:N", sort=_AS_GIVEN, axis=alt.Axis(title=None, labelLimit=NAME_LIMIT)),
            tooltip=tooltip,
        )
    )  # fmt: skip
    depth = alt.Scale(domain=[0, 1], range=[0.05, 0.62])
    cells = base.mark_rect(fill=HEAT, cornerRadius=2).encode(
        fillOpacity=alt.FillOpacity("depth:Q", scale=depth, legend=None)
    )
    numbers = base.mark_text(fill=INK).encode(
        text=alt.Text("number:N"),
        opacity=alt.condition("bandwidth('x') > 7 * length(datum.number) + 3", alt.value(1), alt.value(0)),
    )
    return alt.layer(cells, numbers).properties(width="container", height=alt.Step(28))
