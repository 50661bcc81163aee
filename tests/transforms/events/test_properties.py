"""What holds of the events of any articles."""

from datetime import timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.events.articles import NO_LINKS, article, background, frame
from transforms.events.group import WINDOW_DAYS, group_events

WORDS = (
    "bridge",
    "fell",
    "night",
    "harbour",
    "council",
    "votes",
    "rain",
    "東京",
    "地震",
    "мост",
    "جسر",
    "42",
    "C++",
    "🎉",
)
TITLES = st.none() | st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)


@st.composite
def articles(draw: st.DrawFn) -> pl.DataFrame:
    """Up to forty articles of few words, so that many are alike, with repeated URLs and providers."""
    rows = [
        article(
            draw(TITLES),
            draw(st.floats(0, 40)),
            excerpt=draw(TITLES),
            provider=draw(st.sampled_from(("a.example/a", "b.example/b", "c.example/c"))),
            url=draw(st.none() | st.sampled_from(("https://a.example/1", "https://a.example/2"))),
            name=str(number),
        )
        for number in range(draw(st.integers(0, 40)))
    ]
    return frame(rows)


@st.composite
def links(draw: st.DrawFn, among: pl.DataFrame) -> pl.DataFrame:
    ids = st.sampled_from([*among["document_id"], "gone"])
    pairs = draw(st.lists(st.tuples(ids, ids), max_size=20))
    return pl.DataFrame(pairs, schema=NO_LINKS.schema, orient="row")


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_events_are_a_partition_named_after_the_earliest_within_the_window_in_any_order_of_rows(
    data: st.DataObject,
) -> None:
    given_articles = data.draw(articles())
    given_links = data.draw(links(given_articles))
    events = group_events(given_articles, given_links)
    assert sorted(events["document_id"]) == sorted(given_articles["document_id"])
    dated = events.join(given_articles, on="document_id").sort("published_at", "document_id")
    spans = dated.group_by("event_id", maintain_order=True).agg(
        pl.col("document_id").first(), span=pl.col("published_at").max() - pl.col("published_at").min()
    )
    assert (spans["event_id"] == spans["document_id"]).all()
    assert spans.filter(pl.col("span") > timedelta(days=WINDOW_DAYS)).is_empty()
    order = data.draw(st.permutations(range(given_articles.height)))
    assert_frame_equal(group_events(given_articles[list(order)], given_links.reverse()), events)


def test_an_unrelated_article_changes_no_event() -> None:
    rows = [
        article(f"{phrase} bridge{number} storm{number} harbour{number} {number}", number / 2 + copy / 4)
        for number in range(40)
        for copy, phrase in enumerate(("Nobody hurt:", "What we know of", "Questions about"))
    ]
    before = group_events(frame([*rows, *background()]), NO_LINKS)
    assert before["event_id"].n_unique() == 40 + len(background())
    new = article("Zoo welcomes twin pandas", 12)
    after = group_events(frame([*rows, *background(), new]), NO_LINKS)
    assert_frame_equal(after.filter(pl.col("document_id") != str(new["document_id"])), before)


def test_a_later_follow_up_keeps_the_name_of_the_event() -> None:
    rows = [article("Old bridge at Vellingham collapses", 0), article("Vellingham bridge collapses, nobody hurt", 0.3)]
    before = dict(group_events(frame([*rows, *background()]), NO_LINKS).iter_rows())
    more = article("Why the old bridge at Vellingham collapses", 2)
    after = dict(group_events(frame([*rows, more, *background()]), NO_LINKS).iter_rows())
    assert {after[str(row["document_id"])] for row in (*rows, more)} == {before[str(rows[0]["document_id"])]}
