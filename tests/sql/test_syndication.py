"""core.syndication: which news is a copy of another organisation's, or of a wire."""

from pathlib import Path

import pytest

from tests.sql.frames import Rows, document, frame, warehouse_of

MODEL = "core.syndication"
TITLE = "Acme buys the Rocket Company for a billion"
Article = tuple[str, str | None, str | None, str]


def news(*articles: Article) -> list[Rows]:
    """News articles, each an id, a provider, when it was published and a title."""
    return [
        document(name, provider=provider, published=published, title=title)
        for name, provider, published, title in articles
    ]


def copies(folder: Path, documents: list[Rows]) -> dict[str, str | None]:
    """The articles that are repeats, each with the earlier article."""
    with warehouse_of(folder, documents, MODEL) as con:
        query = f"select document_id, earlier_document_id from {MODEL} where is_repeat order by document_id"
        return dict(frame(con, query).rows())


def test_a_near_identical_title_within_seven_days_is_a_copy_of_the_earlier_one(tmp_path: Path) -> None:
    documents = news(
        ("a", "a.com/a", "2026-01-01T00:00", TITLE),
        ("b", "b.com/b", "2026-01-08T00:00", "ACME buys “the Rocket Company” – for a billion!"),
        ("c", "c.com/c", "2026-01-15T00:00:01", TITLE),
        ("d", "d.com/daily-d", "2026-01-16T00:00", f"{TITLE} | Daily-D"),
        ("e", "e.com/e", "2026-01-16T01:00", f"{TITLE} - e.com"),
        ("f", "f.com/f", "2026-01-16T02:00", f"{TITLE} - Review"),
        ("g", "g.com/g", "2026-01-16T03:00", "Acme buys the Rocket Company for a million"),
    )
    assert copies(tmp_path, documents) == {"b": "a", "d": "c", "e": "d"}


def test_who_published_first_copies_none_however_often_it_publishes(tmp_path: Path) -> None:
    documents = news(
        ("a", "a.com/a", "2026-01-01", TITLE),
        ("b", "b.com/b", "2026-01-02", TITLE),
        ("c", "www.a.com/a-again", "2026-01-03", TITLE),
        ("d", "b.com/b", "2026-01-04", TITLE),
        ("e", "a.com/a", "2026-01-12", TITLE),
    )
    assert copies(tmp_path, documents) == {"b": "a", "d": "c"}


def test_at_the_same_instant_the_first_path_is_the_original(tmp_path: Path) -> None:
    documents = news(("b", "b.com/b", "2026-01-01", TITLE), ("a", "a.com/a", "2026-01-01", TITLE))
    assert copies(tmp_path, documents) == {"b": "a"}


def test_a_publisher_does_not_copy_its_own_name_on_a_platform_but_the_platform_copies_it(tmp_path: Path) -> None:
    documents = news(
        ("a", "msn.com/acme news on msn", "2026-01-01", TITLE),
        ("b", "acmenews.com/acme news", "2026-01-02", TITLE),
        ("c", "acmenews.com/acme news", "2026-01-20", TITLE),
        ("d", "msn.com/acme news on msn", "2026-01-21", TITLE),
    )
    assert copies(tmp_path, documents) == {"d": "c"}


@pytest.mark.parametrize("title", ["Weekly roundup", "Top stories this week", "Weekly-newsletter-of-the-whole-company"])
def test_a_short_title_is_no_copy(tmp_path: Path, title: str) -> None:
    expected = {} if "-" not in title else {"b": "a"}
    documents = news(("a", "a.com/a", "2026-01-01", title), ("b", "b.com/b", "2026-01-02", title))
    assert copies(tmp_path, documents) == expected


def test_titles_in_scripts_without_spaces_are_compared(tmp_path: Path) -> None:
    title = "東京電力は新しい発電所の建設を発表"
    documents = news(
        ("a", "a.jp/a", "2026-01-01", title),
        ("b", "b.jp/b", "2026-01-02", f"「{title}」"),
        ("c", "a.jp/a", "2026-01-01", "東京の新聞"),
        ("d", "b.jp/b", "2026-01-02", "東京の新聞"),
    )
    assert copies(tmp_path, documents) == {"b": "a"}


def test_videos_undated_articles_and_those_without_a_provider_copy_none(tmp_path: Path) -> None:
    documents = [
        *news(("a", "a.com/a", "2026-01-01", TITLE), ("b", None, "2026-01-02", TITLE), ("c", "c.com/c", None, TITLE)),
        document("d", provider="d.com/d", published="2026-01-02", title=TITLE, type="video", category="news"),
        document("e", provider="e.com/e", published="2026-01-02", title=TITLE, type="course"),
    ]
    assert copies(tmp_path, documents) == {}


@pytest.mark.parametrize(
    ("url", "is_wire"),
    [
        ("https://www.prnewswire.com/news-releases/acme-1.html", True),
        ("https://feeds.businesswire.com/acme", True),
        ("https://paper.com/AP/2026/acme", True),
        ("https://paper.com/business/reuters/acme?from=x", True),
        ("https://paper.com/wires/acme", True),
        ("https://www.reuters.com/wires/acme", False),
        ("https://apnews.com/ap/acme", False),
        ("https://paper.com/app/wire-fraud", False),
        ("https://wired.com/story/acme?x=/ap/", False),
        ("https://acme.com/press-releases/acme", False),
        (None, False),
    ],
)
def test_a_wire_is_known_by_its_url(tmp_path: Path, url: str | None, is_wire: bool) -> None:
    documents = [document("a", provider="a.com/a", published="2026-01-01", canonical_url=url)]
    with warehouse_of(tmp_path, documents, "core.articles") as con:
        found = frame(con, f"select is_wire, is_syndicated from {MODEL}").rows()
        (article,) = frame(con, "select is_syndicated from core.articles").rows()
    assert (found, article) == ([(is_wire, is_wire)], (is_wire,))


def test_copies_agree_with_a_plain_search_of_all_pairs(tmp_path: Path) -> None:
    hours = [0, 5, 5, 100, 169, 170, 338, 400, 568, 569, 900]
    providers = [f"p{number * 7 % 4}.com/p" for number in range(11)]
    articles = [
        (f"{number:02}", providers[number], f"2026-01-{1 + hour // 24 % 31:02}T{hour % 24:02}:00", TITLE)
        for number, hour in enumerate(hours)
        if hour < 31 * 24
    ]
    expected: dict[str, str] = {}
    first = ""
    for place, (name, provider, published, _) in enumerate(articles):
        before = articles[:place]
        if not before or _hours(before[-1][2], published) > 168:
            first = provider
        earlier = [each for each in before if each[1] != provider and _hours(each[2], published) <= 168]
        if earlier and provider != first:
            expected[name] = earlier[-1][0]
    assert expected
    assert copies(tmp_path, news(*articles)) == expected


def _hours(start: str, end: str) -> int:
    (day_a, hour_a), (day_b, hour_b) = ((int(text[8:10]), int(text[11:13])) for text in (start, end))
    return (day_b - day_a) * 24 + hour_b - hour_a
