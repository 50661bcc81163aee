"""Events, on small hand-written cases."""

import random
import time

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.transforms.events.articles import NO_LINKS, article, background, frame, groups
from transforms.events import candidates
from transforms.events.agglomerate import Bounds, Groups
from transforms.events.group import group_events
from transforms.events.terms import Array

BRIDGE = [
    article("Old bridge at Vellingham collapses in the night", 0, excerpt="Nobody was hurt when the bridge fell."),
    article("Vellingham bridge collapses, nobody hurt", 0.3, excerpt="The old bridge fell at two in the morning."),
    article("Collapsed Vellingham bridge: what we know", 1, excerpt="The bridge fell in the night, nobody was hurt."),
    article("Engineers inspect the collapsed bridge at Vellingham", 2, excerpt="Why the old bridge fell is unclear."),
]
FESTIVAL = [
    article("Quillmouth cancels its lantern festival", 0.5, excerpt="The lantern festival needs a new sponsor."),
    article("No lantern festival in Quillmouth this year", 1, excerpt="Quillmouth found no sponsor for the festival."),
]


def test_follow_ups_of_a_happening_are_one_event_and_other_news_of_these_days_is_not() -> None:
    assert groups(BRIDGE + FESTIVAL) == [[0, 1, 2, 3], [4, 5]]


def test_the_event_is_named_after_its_earliest_article() -> None:
    events = group_events(frame([*reversed(BRIDGE), *background()]), NO_LINKS)
    members = events.filter(pl.col("document_id").is_in([row["document_id"] for row in BRIDGE]))
    assert members["event_id"].unique().to_list() == [BRIDGE[0]["document_id"]]


def test_of_articles_of_one_moment_the_smallest_id_names_the_event() -> None:
    copies = [article("Old bridge at Vellingham collapses", 0, name=str(number)) for number in range(5)]
    events = group_events(frame(copies), NO_LINKS)
    assert events["event_id"].unique().to_list() == [min(str(row["document_id"]) for row in copies)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Old bridge at Vellingham collapses", "OLD BRIDGE AT VELLINGHAM COLLAPSES!"),
        ("Café owners win a prize for patience", "Cafe owners win a prize for patience"),
        ("東京で大きな地震が発生しました", "東京で大きな地震が発生しました。"),
        ("Старый мост обрушился ночью", "СТАРЫЙ МОСТ ОБРУШИЛСЯ НОЧЬЮ"),  # noqa: RUF001
        ("انهيار الجسر القديم في الليل", "انهيار الجسر القديم في الليل!"),
    ],
)
def test_near_identical_titles_are_one_event(first: str, second: str) -> None:
    assert groups([article(first, 0), article(second, 9)]) == [[0, 1]]


@pytest.mark.parametrize(
    "titles",
    [
        ("東京の古い橋が夜に崩落", "夜に東京の古い橋崩落、けが人なし"),
        ("Старый мост в Велинге обрушился", "В Велинге ночью обрушился старый мост"),  # noqa: RUF001
        ("สะพานเก่าเวลลิงแฮมถล่มกลางดึก", "ถล่มกลางดึก สะพานเก่าเวลลิงแฮม ไม่มีผู้บาดเจ็บ"),
        ("벨링엄 옛 다리 밤사이 붕괴", "밤사이 벨링엄 옛 다리 붕괴 부상자 없음"),
        ("انهيار جسر فيلينغهام القديم", "جسر فيلينغهام القديم ينهار ليلا"),
    ],
)
def test_likeness_is_found_in_any_script(titles: tuple[str, str]) -> None:
    assert groups([article(titles[0], 0), article(titles[1], 0.5), *FESTIVAL]) == [[0, 1], [2, 3]]


def test_copies_are_certain_only_within_the_window() -> None:
    title = "Old bridge at Vellingham collapses"
    assert groups([article(title, 0), article(title, 11)]) == [[0], [1]]


def test_one_url_is_one_event_only_within_the_window() -> None:
    url = "https://example.com/live"
    live = [article("Polls open in Osterwick", 0, url=url), article("Votes counted all night", 1, url=url)]
    assert groups(live) == [[0, 1]]
    assert groups([live[0], article("Votes counted all night", 12, url=url)]) == [[0], [1]]


def test_a_url_of_many_titles_identifies_nothing() -> None:
    url = "https://example.com/"
    titles = ["Polls open", "Bread is dear", "Trains run late", "A comet passes", "Bees return", "Snow in May"]
    assert groups([article(title, number, url=url) for number, title in enumerate(titles)]) == [[n] for n in range(6)]


def test_a_title_that_returns_every_week_is_not_one_event() -> None:
    weekly = [
        article("Save 50% on everything for your bicycle", 7 * week, provider="shop.example/shop") for week in range(8)
    ]
    assert groups(weekly) == [[number] for number in range(8)]


def test_a_series_of_one_provider_is_not_one_event() -> None:
    names = ("Rogue", "Druid", "Sorcerer", "Barbarian", "Necromancer")
    series = [article(f"The best {name} build for solo play", 0, provider="a.example/a") for name in names]
    assert groups(series) == [[number] for number in range(5)]


def test_posts_of_one_blog_in_like_words_are_not_one_event() -> None:
    names = ("Rogue", "Druid", "Sorcerer", "Barbarian", "Necromancer")
    posts = frame(article(f"The best {name} build for solo play", 0) for name in names)
    blog = posts.with_columns(provider_id=pl.lit(None, pl.String))
    hosted = blog.with_columns(canonical_url="https://blog.example/" + pl.col("document_id"))
    assert group_events(blog, NO_LINKS)["event_id"].n_unique() == 5
    assert_frame_equal(group_events(hosted, NO_LINKS), group_events(blog, NO_LINKS))


def test_articles_without_a_provider_are_of_the_host_of_their_url() -> None:
    rows = frame([*BRIDGE, *background()])
    host = "https://" + pl.col("provider_id").str.replace("/", "/a/") + "/" + pl.col("document_id")
    without = rows.with_columns(canonical_url=host, provider_id=pl.lit(None, pl.String))
    assert_frame_equal(group_events(without, NO_LINKS), group_events(rows, NO_LINKS))


def test_two_articles_that_share_only_words_of_other_events_are_two_events(monkeypatch: pytest.MonkeyPatch) -> None:
    common = ("lantern", "festival", "market", "winter", "city", "square")
    pair = [article(" ".join(common), 0), article(" ".join(reversed(common)), 0.1)]
    others = [
        article(f"{word} {' '.join(f'{word[:2]}{event}{own}' for own in 'abcde')}", copy / 8, name=str(copy))
        for word in common
        for event in range(2)
        for copy in range(3)
    ]
    happenings = [[first, first + 1, first + 2] for first in range(2, 38, 3)]
    assert groups([*pair, *others]) == [[0], [1], *happenings]
    monkeypatch.setattr("transforms.events.group.with_own_terms", lambda group, *_: group)
    assert groups([*pair, *others]) == [[0, 1], *happenings]


def test_likeness_fades_sooner_in_days_in_which_more_is_published() -> None:
    pair = [BRIDGE[0], article("Old Vellingham bridge: questions", 3)]
    quiet = background(400)
    busy = [article(f"topic{number} reaches stage{number * 7}", number / 30, name="busy") for number in range(90)]
    events = [dict(group_events(frame([*pair, *quiet, *more]), NO_LINKS).iter_rows()) for more in ([], busy)]
    together = [event[str(pair[0]["document_id"])] == event[str(pair[1]["document_id"])] for event in events]
    assert together == [True, False]


def test_a_daily_column_is_not_one_event() -> None:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    daily = [
        article(f"What you need to know this {names[day % 5]}", day, provider="paper.example/paper", name=str(day))
        for day in range(-20, 30)
    ]
    assert max(map(len, groups(daily))) <= 2


def test_no_event_spans_more_than_the_window() -> None:
    daily = [article(f"Strike at the Vellingham shipyard goes on, day {day}", day, name=str(day)) for day in range(40)]
    for members in groups(daily):
        assert max(members) - min(members) <= 10


def test_a_link_helps_articles_that_are_nearly_alike_and_alone_makes_no_event() -> None:
    rows = [article("Polls open in Osterwick", 0), article("Bread is dear in Harrowmere", 0.2)]
    links = pl.DataFrame({"document_id": [rows[0]["document_id"]], "linked_document_id": [rows[1]["document_id"]]})
    assert groups(rows, links) == [[0], [1]]


def test_links_to_articles_that_are_not_there_are_left_out() -> None:
    links = pl.DataFrame({"document_id": [BRIDGE[0]["document_id"], "gone"], "linked_document_id": ["gone", "lost"]})
    assert groups(BRIDGE, links) == groups(BRIDGE)


@pytest.mark.parametrize("kind", [pl.Datetime("ms"), pl.Datetime("us", "UTC"), pl.Datetime("ns")])
def test_the_unit_and_the_zone_of_the_times_do_not_matter(kind: pl.Datetime) -> None:
    rows = frame([*BRIDGE, *FESTIVAL, *background()])
    assert_frame_equal(group_events(rows.cast({"published_at": kind}), NO_LINKS), group_events(rows, NO_LINKS))


def test_no_articles_are_no_events() -> None:
    expected = pl.DataFrame(schema={"document_id": pl.String, "event_id": pl.String})
    assert_frame_equal(group_events(frame([]), NO_LINKS), expected)


def test_articles_without_text_are_events_of_their_own() -> None:
    rows = [article(None, 0, name="a"), article(None, 0, name="b"), article("", 0), article("🎉", 0), article("   ", 0)]
    assert groups(rows, alone=True) == [[0], [1], [2], [3], [4]]


def test_a_corpus_of_a_few_days_has_events_too() -> None:
    few = [article(f"{row['title']}", number / 10, name="few") for number, row in enumerate(background(60))]
    events = dict(group_events(frame([*BRIDGE, *few]), NO_LINKS).iter_rows())
    assert len({events[str(row["document_id"])] for row in BRIDGE}) == 1


@pytest.mark.parametrize("title", ["Old bridge at Vellingham collapses in the night", "Save {} on bicycle number {}"])
def test_thousands_of_like_titles_take_no_quadratic_time(title: str) -> None:
    rows = [article(title.format(number, number * 7), number / 4_000, name=str(number)) for number in range(4_000)]
    began = time.process_time()
    events = group_events(frame(rows), NO_LINKS)
    assert events.height == 4_000
    assert time.process_time() - began < 10


def test_an_article_is_in_a_bounded_number_of_pairs_however_many_share_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[Array] = []
    merge = Groups.merge

    def spy(nodes: Groups, a: Array, b: Array, score: Array, bounds: Bounds) -> None:
        found.append(a)
        merge(nodes, a, b, score, bounds)

    monkeypatch.setattr(Groups, "merge", spy)
    chance = random.Random(5)
    words = [f"{first}{second}{third}" for first in "bdfgk" for second in "aeiou" for third in "lmnrst"]
    rows = [article(" ".join(chance.choices(words, k=8)), number / 50_000, name="n") for number in range(2_000)]
    events = group_events(frame(rows), NO_LINKS)
    assert events.height == 2_000
    assert np.bincount(found[0]).max() == candidates.LIKEST
