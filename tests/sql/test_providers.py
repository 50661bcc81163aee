"""core.dim_providers, marts.provider_report and marts.provider_topics: who writes, about what, and who is first."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import exp, log, sqrt
from pathlib import Path
from statistics import median, quantiles

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.sql.frames import Rows, at, document, frame, group_by_excerpt, link, person, warehouse_of
from transforms.events import group

REPORT = "marts.provider_report"
TOPICS = "marts.provider_topics"
ORGANISATIONS = "marts.organisation_report"
FOLLOWERS = "marts.provider_followers"
OVERLAP = "marts.provider_overlap"
VOICE = "marts.share_of_voice"


@pytest.fixture(autouse=True)
def events_by_excerpt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles with one excerpt report one event: these tests are about what follows from events."""
    monkeypatch.setattr(group, "group_events", group_by_excerpt)


def race(event: str, *members: tuple[str, str, str | None]) -> list[Rows]:
    """Articles about one event, each an id, a provider and when it was published."""
    return [
        document(document_id, provider=provider, published=published, excerpt=event)
        for document_id, provider, published in members
    ]


def test_every_column_of_a_provider(tmp_path: Path) -> None:
    documents = [
        document(
            "a", topics=["AI", "Law"], images=["https://i/1"], published="2026-01-31T10:00", provider="a.com/x",
            heat=10, quality=0, is_published=True, url="https://x/a", excerpt="one",
        ),
        document(
            "b", topics=["AI"], published="2026-01-25", provider="a.com/x", heat=21, quality=5, category="news",
            related=[link("https://x/c")], excerpt="two",
        ),
        document("c", published="2026-01-24", provider="y.com/y", url="https://x/c", excerpt="two"),
        document("d", topics=["AI"], published="2025-12-20", provider="a.com/x", is_suppressed=True),
        document("e"),
        document("f", provider="a.com/x", type="course", heat=99, quality=99, published="2026-01-30", topics=["AI"]),
    ]  # fmt: skip
    with warehouse_of(tmp_path, documents, REPORT) as con:
        rows = frame(con, f"select * from {REPORT} where provider_id = 'a.com/x'")
    expected = {
        "provider_id": "a.com/x",
        "organisation_id": "a.com",
        "provider_name": "X",
        "provider_domain": "a.com",
        "is_platform": False,
        "article_count": 4,
        "news_article_count": 3,
        "event_count": 3,
        "syndicated_article_count": 0,
        "published_article_count": 1,
        "suppressed_article_count": 1,
        "cluster_count": 4,
        "topic_count": 2,
        "article_share": 4 / 6,
        "provided_article_share": 0.8,
        "heat_article_count": 2,
        "mean_heat": 15.5,
        "median_heat": 15.5,
        "max_heat": 21,
        "heat_basis": "varies",
        "quality_article_count": 2,
        "mean_quality": 2.5,
        "median_quality": 2.5,
        "max_quality": 5,
        "quality_basis": "varies",
        "image_coverage_share": 1 / 4,
        "video_share": 0.0,
        "first_published_at": at("2025-12-20"),
        "last_published_at": at("2026-01-31T10:00"),
        "last_7_days_article_count": 2,
        "previous_7_days_article_count": 0,
        "last_7_days_growth_share": None,
        "last_28_days_article_count": 2,
        "previous_28_days_article_count": 1,
        "last_28_days_growth_share": 1.0,
        "last_90_days_article_count": 3,
        "previous_90_days_article_count": 0,
        "last_90_days_growth_share": None,
        "top_topic_id": "ai",
        "top_topic": "AI",
        "top_topic_share": 1.0,
        "topic_hhi": 17 / 25,
        "effective_topic_number": 25 / 17,
        "shannon_topic_number": round(exp(-(0.8 * log(0.8) + 0.2 * log(0.2))), 6),
        "shared_event_count": 1,
        "exclusive_event_count": 2,
        "firsts": 0.0,
        "expected_firsts": 0.5,
        "first_ratio": None,
        "late_event_count": 1,
        "lower_quartile_lag_hours": None,
        "median_lag_hours": None,
        "upper_quartile_lag_hours": None,
    }
    assert_frame_equal(rows, pl.DataFrame([expected], schema=rows.schema))


def test_an_article_with_two_topics_counts_once(tmp_path: Path) -> None:
    documents = [document("a", topics=["AI", "Law", "Art"], provider="a.com/x", heat=7), document("b")]
    columns = "article_count, heat_article_count, heat_basis, article_share, provided_article_share, topic_hhi"
    with warehouse_of(tmp_path, documents, REPORT) as con:
        assert frame(con, f"select {columns} from {REPORT}").row(0) == (1, 0, "none", 0.5, 1.0, 1 / 3)


def test_a_tie_of_firsts_is_shared_and_events_of_one_organisation_are_exclusive(tmp_path: Path) -> None:
    documents = [
        *race("tie", ("a", "a.com/a", "2026-01-01"), ("b", "b.com/b", "2026-01-01")),
        *race("tie", ("c", "c.com/c", "2026-01-01T03:00")),
        *race("one", ("d", "a.com/a", "2026-01-02"), ("e", "www.a.com/a", "2026-01-03")),
        *race("two", ("f", "b.com/b", "2026-01-04T06:00")),
        *race("two", ("g", "a.com/a", "2026-01-04"), ("h", "a.com/a", "2026-01-05")),
        *race("none", ("i", "c.com/c", None)),
    ]
    columns = "event_count, shared_event_count, exclusive_event_count, firsts, expected_firsts, late_event_count"
    with warehouse_of(tmp_path, documents, REPORT, ORGANISATIONS, "core.events") as con:
        providers = frame(con, f"select provider_id, {columns} from {REPORT} order by 1").rows()
        organisations = frame(con, f"select organisation_id, {columns} from {ORGANISATIONS} order by 1").rows()
        columns = "event_id, organisation_count, first_provider_id, first_provider_count"
        columns += ", first_organisation_id, first_organisation_count"
        firsts = frame(con, f"select {columns} from core.events order by 1").rows()
    third = round(1 / 3, 6)
    assert providers == [
        ("a.com/a", 3, 2, 1, 1.5, round(1 / 3 + 2 / 3, 6), 0),
        ("b.com/b", 2, 2, 0, 0.5, round(1 / 3 + 1 / 3, 6), 1),
        ("c.com/c", 1, 1, 0, 0.0, third, 1),
        ("www.a.com/a", 1, 0, 1, 0.0, 0.0, 0),
    ]
    assert organisations == [
        ("a.com", 3, 2, 1, 1.5, 1.0, 0),
        ("b.com", 2, 2, 0, 0.5, round(2 / 3, 6), 1),
        ("c.com", 1, 1, 0, 0.0, third, 1),
    ]
    assert firsts == [
        ("one", 1, "a.com/a", 1, "a.com", 1),
        ("tie", 3, None, 2, None, 2),
        ("two", 2, "a.com/a", 1, "a.com", 1),
    ]


Member = tuple[str, str, dt.datetime, tuple[str, ...]]


def _corpus() -> list[Member]:
    """240 news articles, an event, a provider, an instant and topics each; five organisations, ties, and repeats."""
    found = []
    for number in range(240):
        mixed = number * 7919 % 1009
        event = f"event {number // 6}"
        provider = f"o{mixed % 5}.com/p{mixed % 2}"
        hour = number // 6 * 20 + mixed % 13 // 3 * 5
        topics = tuple(f"t{topic}" for topic in sorted({mixed % 7, mixed % 4})) if number % 3 else ()
        found.append((event, provider, dt.datetime(2025, 11, 1) + dt.timedelta(hours=hour), ("all", *topics)))
    return found


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, pl.DataFrame]]:
    documents = [
        document(f"{number:03}", provider=provider, excerpt=event, published=when.isoformat(), topics=topics)
        for number, (event, provider, when, topics) in enumerate(_corpus())
    ]
    marts = REPORT, ORGANISATIONS, FOLLOWERS, OVERLAP, VOICE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group, "group_events", group_by_excerpt)
        with warehouse_of(tmp_path_factory.mktemp("speed"), documents, *marts) as con:
            yield {mart: frame(con, f"from {mart}") for mart in marts}


def _earliest(key: int) -> dict[str, dict[str, dt.datetime]]:
    """The earliest instant by event and by provider (key 0) or organisation (key 1)."""
    found: dict[str, dict[str, dt.datetime]] = defaultdict(dict)
    for event, provider, when, _ in _corpus():
        name = provider.split("/")[0] if key else provider
        found[event][name] = min(when, found[event].get(name, when))
    return found


@pytest.mark.parametrize(("key", "mart"), [(0, REPORT), (1, ORGANISATIONS)])
def test_speed_is_what_plain_python_computes(frames: dict[str, pl.DataFrame], key: int, mart: str) -> None:
    firsts: dict[str, Fraction] = defaultdict(Fraction)
    chances: dict[str, Fraction] = defaultdict(Fraction)
    shared: Counter[str] = Counter()
    lags: dict[str, list[float]] = defaultdict(list)
    organisations = _earliest(1)
    for event, times in _earliest(key).items():
        if len(organisations[event]) < 2:
            continue
        articles = Counter(
            provider.split("/")[0] if key else provider for each, provider, *_ in _corpus() if each == event
        )
        start = min(times.values())
        winners = [name for name, when in times.items() if when == start]
        for name, when in times.items():
            shared[name] += 1
            chances[name] += Fraction(articles[name], articles.total())
            if name in winners:
                firsts[name] += Fraction(1, len(winners))
            else:
                lags[name].append((when - start).total_seconds() / 3600)
    columns = ["shared_event_count", "firsts", "expected_firsts", "first_ratio", "late_event_count"]
    columns += [f"{part}_lag_hours" for part in ("lower_quartile", "median", "upper_quartile")]
    found = {
        row[0]: row[1:] for row in frames[mart].select("organisation_id" if key else "provider_id", *columns).rows()
    }
    assert found.keys() == shared.keys()
    assert any(len(lags[name]) >= 10 for name in found)
    for name, row in found.items():
        quartiles = quantiles(lags[name], n=4, method="inclusive") if len(lags[name]) >= 10 else [None] * 3
        ratio = float(firsts[name] / chances[name]) if shared[name] >= 10 else None
        expected = (shared[name], float(firsts[name]), float(chances[name]), ratio, len(lags[name]), *quartiles)
        assert row == pytest.approx(expected, abs=1e-5), name


def test_followers_are_what_plain_python_computes(frames: dict[str, pl.DataFrame]) -> None:
    times = _earliest(1).values()
    expected = {}
    for names in combinations(sorted({name for each in times for name in each}), 2):
        for leader, follower in (names, names[::-1]):
            lags = [
                (each[follower] - each[leader]).total_seconds() / 3600
                for each in times
                if leader in each and follower in each
            ]
            after, before = [lag for lag in lags if lag > 0], [lag for lag in lags if lag < 0]
            if len(lags) >= 5:
                z = (len(after) - len(before)) / sqrt(len(after) + len(before))
                share, tied = len(after) / len(lags), len(lags) - len(after) - len(before)
                row = (len(lags), len(after), tied, share, median(after) if after else None, z)
                expected[leader, follower] = row
    columns = ["shared_event_count", "followed_event_count", "tied_event_count", "followed_event_share"]
    columns += ["median_lag_hours", "z"]
    rows = frames[FOLLOWERS].select("leader_organisation_id", "follower_organisation_id", *columns).rows()
    found = {row[:2]: row[2:] for row in rows}
    assert found.keys() == expected.keys()
    assert len(found) == 20
    for pair, row in found.items():
        assert row == pytest.approx(expected[pair]), pair


def test_q_values_of_followers_are_those_of_benjamini_and_hochberg(frames: dict[str, pl.DataFrame]) -> None:
    pairs = frames[FOLLOWERS].filter(pl.col("leader_organisation_id") < pl.col("follower_organisation_id"))
    values = sorted(pairs["p_value"])
    adjusted = [
        min([1.0, *(p * len(values) / rank for rank, p in enumerate(values, start=1) if p >= value)])
        for value in values
    ]
    assert sorted(pairs["q_value"]) == pytest.approx(adjusted)


def test_overlap_is_what_plain_python_computes(frames: dict[str, pl.DataFrame]) -> None:
    covered: dict[str, set[str]] = defaultdict(set)
    vectors: dict[str, Counter[str]] = defaultdict(Counter)
    for event, provider, _, topics in _corpus():
        covered[provider.split("/")[0]].add(event)
        vectors[provider.split("/")[0]].update(topic for topic in topics if topic != "all")
    expected = []
    for a, b in combinations(sorted(covered), 2):
        common, union = covered[a] & covered[b], covered[a] | covered[b]
        product = sum(vectors[a][topic] * vectors[b][topic] for topic in vectors[a])
        lengths = [sqrt(sum(count**2 for count in vectors[name].values())) for name in (a, b)]
        both = len(vectors[a].keys() & vectors[b].keys())
        row = (len(common), len(union), len(common) / len(union), both, product / (lengths[0] * lengths[1]))
        expected.append((a, b, *row))
    columns = ["shared_event_count", "union_event_count", "event_jaccard", "shared_topic_count", "topic_cosine"]
    found = (
        frames[OVERLAP]
        .select("organisation_id_a", "organisation_id_b", *columns)
        .sort("organisation_id_a", "organisation_id_b")
    )
    assert_frame_equal(found, pl.DataFrame(expected, schema=found.schema, orient="row"))


def test_overlap_of_an_organisation_without_topics_has_no_cosine(tmp_path: Path) -> None:
    documents = [
        row
        for number in range(5)
        for row in race(f"e{number}", (f"a{number}", "a.com/a", f"2026-01-0{number + 1}"),
                        (f"b{number}", "b.com/b", f"2026-01-0{number + 1}"))
    ]  # fmt: skip
    with warehouse_of(tmp_path, [*documents, document("t", provider="a.com/a", topics=["AI"])], OVERLAP) as con:
        rows = con.execute(f"select shared_event_count, shared_topic_count, topic_cosine from {OVERLAP}").fetchall()
    assert rows == [(5, 0, None)]


def test_share_of_voice_is_what_plain_python_computes(frames: dict[str, pl.DataFrame]) -> None:
    counts: Counter[tuple[str, dt.date, str, str]] = Counter()
    for _, provider, when, topics in _corpus():
        day = when.date()
        starts = {"month": day.replace(day=1), "quarter": day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1),
                  "year": day.replace(day=1, month=1)}  # fmt: skip
        for grain, start in starts.items():
            for topic in ("(all)", *topics):
                if topic != "all":
                    counts[grain, start, topic, provider.split("/")[0]] += 1
    totals: Counter[tuple[str, dt.date, str]] = Counter()
    for (grain, start, topic, _), count in counts.items():
        totals[grain, start, topic] += count
    expected = {key: (count, count / totals[key[:3]]) for key, count in counts.items()}
    columns = ["period_grain", "period_start_date", "topic_id", "organisation_id"]
    rows = frames[VOICE].select(*columns, "news_article_count", "news_article_share").rows()
    assert {row[:4]: row[4:] for row in rows} == expected
    assert frames[VOICE].filter(pl.col("news_article_share") != pl.col("original_article_share")).is_empty()


def test_share_of_voice_without_copies_and_without_an_omnipresent_organisation(tmp_path: Path) -> None:
    title = "Acme buys the Rocket Company for a billion"
    documents = [
        *(document(f"a{number}", provider="big.com/big", published="2026-01-05") for number in range(5)),
        document("b", provider="b.com/b", published="2026-01-05", title=title),
        document("c", provider="c.com/c", published="2026-01-06", title=title),
        document("d", provider="c.com/c", published="2026-01-06"),
        document("e", published="2026-01-06"),
    ]
    columns = ["organisation_id", "is_omnipresent", "voice_rank", "news_article_count", "original_article_count",
               "news_article_share", "original_article_share", "news_article_share_without_omnipresent",
               "original_article_share_without_omnipresent"]  # fmt: skip
    with warehouse_of(tmp_path, documents, VOICE) as con:
        rows = frame(con, f"select {', '.join(columns)} from {VOICE} where period_grain = 'month' order by voice_rank")
    assert rows.rows() == [
        ("big.com", True, 1, 5, 5, 5 / 8, 5 / 7, None, None),
        ("c.com", False, 2, 2, 1, 2 / 8, 1 / 7, 2 / 3, 1 / 2),
        ("b.com", False, 3, 1, 1, 1 / 8, 1 / 7, 1 / 3, 1 / 2),
    ]


def test_every_column_of_a_provider_and_topic(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["AI", "Law"], provider="a.com/x", heat=4, quality=2, published="2026-01-01"),
        document("b", topics=["AI"], provider="a.com/x", heat=5, is_published=True, published="2026-01-02"),
        document("c", topics=["AI"], provider="y.com/y"),
        document("d", topics=["AI"]),
    ]
    with warehouse_of(tmp_path, documents, TOPICS) as con:
        rows = frame(con, f"select * from {TOPICS}")
    expected = {
        "provider_id": ["a.com/x", "a.com/x", "y.com/y"],
        "topic_id": ["ai", "law", "ai"],
        "organisation_id": ["a.com", "a.com", "y.com"],
        "provider_name": ["X", "X", "Y"],
        "is_platform": [False, False, False],
        "topic": ["AI", "Law", "AI"],
        "is_omnipresent": [False, False, False],
        "article_count": [2, 1, 1],
        "news_article_count": [2, 1, 0],
        "event_count": [2, 1, 0],
        "syndicated_article_count": [0, 0, 0],
        "published_article_count": [1, 0, 0],
        "cluster_count": [2, 1, 1],
        "topic_rank": [1, 2, 1],
        "provider_article_share": [1.0, 0.5, 1.0],
        "topic_article_share": [2 / 3, 1.0, 1 / 3],
        "mean_heat": [4.5, None, None],
        "heat_basis": ["varies", "too few", "none"],
        "mean_quality": [None, None, None],
        "quality_basis": ["too few", "too few", "none"],
        "first_published_at": [at("2026-01-01"), at("2026-01-01"), None],
        "last_published_at": [at("2026-01-02"), at("2026-01-01"), None],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_a_provider_has_its_most_frequent_name_over_all_mentions(tmp_path: Path) -> None:
    documents = [
        document("a", provider="a.com/x", provider_name="The X"),
        document("b", related=[{"provider": "a.com/x"}, {"provider": "a.com/x"}, {"provider": "a.com/w"}]),
        document("c", provider="z.com/~", provider_name=None),
        person("p", provider="a.com/x", provider_name="x"),
    ]
    with warehouse_of(tmp_path, documents, "core.dim_providers") as con:
        rows = frame(con, "select * from core.dim_providers")
    expected = {
        "provider_id": ["a.com/w", "a.com/x", "z.com/~"],
        "organisation_id": ["a.com", "a.com", "z.com"],
        "provider_name": ["W", "X", "z.com"],
        "provider_domain": ["a.com", "a.com", "z.com"],
        "registered_domain": ["a.com", "a.com", "z.com"],
        "is_platform": [False, False, False],
        "spelling_count": [1, 3, 0],
        "domain_provider_count": [2, 2, 1],
        "document_count": [0, 2, 1],
        "article_count": [0, 1, 1],
        "related_item_count": [1, 2, 0],
        "is_related_only": [True, False, False],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))
