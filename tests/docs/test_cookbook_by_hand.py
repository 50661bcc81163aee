"""The cookbook's answers against an independent calculation, from the raw files of the sample."""

import datetime as dt
import itertools
import statistics
from collections import Counter
from pathlib import Path

import pytest

from frontmart.snapshots.store import Snapshot, published
from tests.docs.by_hand import Article, Corpus, herfindahl, read_corpus
from tests.docs.cookbook import AS_OF, questions, rows_of
from tests.sample import SAMPLE, build_quietly

pytestmark = pytest.mark.slow

SQL = {question.title: question.sql for question in questions()}
Row = tuple[object, ...]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(build_quietly(SAMPLE, tmp_path_factory.mktemp("by_hand"), as_of=AS_OF).out)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(Path(SAMPLE))


@pytest.fixture(scope="module")
def last_day(corpus: Corpus) -> dt.date:
    return max(article.day for article in corpus.articles if article.day)


def shown(snapshot: Snapshot, title: str, *columns: str) -> list[Row]:
    """Columns of an answer, numbers to six digits."""
    return [tuple(rounded(row[column]) for column in columns) for row in rows_of(snapshot, SQL[title])]


def rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


def clusters(articles: list[Article]) -> int:
    return len({article.cluster for article in articles})


def providers(articles: list[Article]) -> int:
    return len({article.provider for article in articles if article.provider})


def first(rows: list[Row], count: int) -> list[Row]:
    """The first rows, rounded, without what they were sorted by: each row begins with its place."""
    return [tuple(map(rounded, row[1:])) for row in sorted(rows)[:count]]


def test_what_is_written_about_most(snapshot: Snapshot, corpus: Corpus) -> None:
    rows = [
        ((-len(found), topic), topic, len(found), clusters(found), providers(found), len(found) / len(corpus.articles))
        for topic, found in corpus.topics.items()
    ]
    columns = ("topic", "article_count", "cluster_count", "provider_count", "article_share")
    assert shown(snapshot, "What is written about most?", *columns) == first(rows, 8)


def test_which_topics_grow_and_which_lost_providers(snapshot: Snapshot, corpus: Corpus, last_day: dt.date) -> None:
    def within(articles: list[Article], days: int) -> list[Article]:
        return [each for each in articles if each.day and days <= (last_day - each.day).days < days + 365]

    grown: list[Row] = []
    lost: list[Row] = []
    for topic, found in corpus.topics.items():
        now, before = within(found, 0), within(found, 365)
        change = len(now) - len(before)
        if change > 0:
            growth = change / len(before) if before else None
            grown.append(((-change, topic), topic, len(before), len(now), growth))
        fewer = providers(before) - providers(now)
        if fewer > 0:
            lost.append(((-fewer, topic), topic, providers(before), providers(now), len(before), len(now)))
    columns = ("topic", "previous_article_count", "article_count", "growth_share")
    assert shown(snapshot, "Which topics grow?", *columns) == first(grown, 8)
    columns = ("topic", "previous_provider_count", "provider_count", "previous_article_count", "article_count")
    assert shown(snapshot, "Which topics lost providers?", *columns) == first(lost, 8)
    assert len(grown) > 1
    assert len(lost) > 1


def test_how_one_topic_moves(snapshot: Snapshot, corpus: Corpus) -> None:
    all_years = Counter(each.day.year for each in corpus.articles if each.day)
    found = [each for each in corpus.topics["C#"] if each.day]
    years = range(min(each.day.year for each in found if each.day), int(AS_OF[:4]) + 1)
    rows = []
    for year in years:
        of_year = [each for each in found if each.day and each.day.year == year]
        rows.append((dt.date(year, 1, 1), len(of_year), clusters(of_year), rounded(len(of_year) / all_years[year])))
    columns = ("period_start_date", "article_count", "cluster_count", "article_share")
    assert shown(snapshot, "How does one topic move?", *columns) == rows


def test_which_topics_fell_silent(snapshot: Snapshot, corpus: Corpus, last_day: dt.date) -> None:
    rows: list[Row] = []
    for topic, found in corpus.topics.items():
        days = [each.day for each in found if each.day]
        silent = (last_day - max(days)).days if days else 0
        if len(found) >= 3 and silent > 365:
            rows.append(((-silent, topic), topic, len(found), max(days), silent))
    columns = ("topic", "article_count", "last_date", "silent_days")
    assert shown(snapshot, "Which topics fell silent?", *columns) == first(rows, 8)


def test_which_topics_run_together(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for one, other in itertools.combinations(corpus.topics, 2):
        both = [each for each in corpus.topics[one] if each in corpus.topics[other]]
        if len(both) >= 2:
            chance = len(corpus.topics[one]) * len(corpus.topics[other]) / len(corpus.articles)
            pair = tuple(sorted((one, other)))
            rows.append(((-len(both) / chance, -len(both), pair), pair, len(both), clusters(both), len(both) / chance))
    found = shown(snapshot, "Which topics co-occur?", "topic_a", "topic_b", "article_count", "cluster_count", "lift")
    # The order of the two topics of a pair depends on their ids, which are not computed here.
    assert sorted((tuple(sorted(map(str, row[:2]))), *row[2:]) for row in found) == sorted(first(rows, 8))


def test_which_topics_hang_on_one_provider(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for topic, found in corpus.topics.items():
        counts = Counter(each.provider for each in found if each.provider)
        if len(found) >= 5:
            index = herfindahl(counts.values())
            rows.append(((-index, topic), topic, len(counts), max(counts.values()) / counts.total(), index))
    columns = ("topic", "provider_count", "top_provider_share", "provider_hhi")
    assert shown(snapshot, "Which topics depend on one provider?", *columns) == first(rows, 8)


def test_which_topics_are_hottest(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for topic, found in corpus.topics.items():
        heats = [each.heat for each in found if each.heat is not None]
        if len(heats) >= 5:
            median = float(statistics.median(heats))
            rows.append(((-median, topic), topic, len(heats), median, statistics.fmean(heats), max(heats)))
    columns = ("topic", "heat_article_count", "median_heat", "mean_heat", "max_heat")
    assert shown(snapshot, "Which topics have the highest heat?", *columns) == first(rows, 8)


def test_who_brings_most_and_who_concentrates(snapshot: Snapshot, corpus: Corpus) -> None:
    most = sorted(((len(found), clusters(found)) for found in corpus.providers.values()), reverse=True)[:8]
    found = shown(snapshot, "Which providers publish most?", "article_count", "cluster_count")
    assert sorted(found, reverse=True) == most
    rows: list[Row] = []
    for each in corpus.providers.values():
        topics = Counter(key for article in each for key in article.topics)
        if len(each) >= 3:
            index = herfindahl(topics.values())
            rows.append(((-index, -len(each)), len(each), len(topics), max(topics.values()) / len(each), index))
    columns = ("article_count", "topic_count", "top_topic_share", "topic_hhi")
    assert shown(snapshot, "Who concentrates on one topic?", *columns) == first(rows, 8)


def test_who_breaks_clusters_first(snapshot: Snapshot, corpus: Corpus) -> None:
    shared: Counter[tuple[str, str]] = Counter()
    broken: Counter[tuple[str, str]] = Counter()
    names = {each.provider: each.provider_name for each in corpus.articles if each.provider}
    for cluster in corpus.clusters.values():
        cluster_providers = {each.provider for each in cluster if each.provider}
        if len(cluster_providers) > 1:
            shared.update(cluster_providers)
            dated = [each for each in cluster if each.provider and each.published]
            earliest = min(dated, key=lambda each: (str(each.published), each.path))
            broken.update([earliest.provider] if earliest.provider else [])
    rows = [
        (names[provider], count, broken[provider], rounded(broken[provider] / count))
        for provider, count in shared.items()
        if count >= 2
    ]
    columns = ("provider_name", "shared_cluster_count", "first_to_publish_count", "first_to_publish_share")
    found = shown(snapshot, "Who publishes clusters first?", *columns)
    assert len(rows) <= 8
    assert sorted(map(str, found)) == sorted(map(str, rows))


def test_whose_images_are_missing(snapshot: Snapshot, corpus: Corpus) -> None:
    without = Counter(
        (each.provider_name if each.provider else "(none)", each.type or "(none)")
        for each in corpus.articles
        if not each.images
    )
    found = shown(snapshot, "Whose images are missing?", "provider", "type", "without_image_count")
    assert len(found) == 8
    assert all(without[str(provider), str(type_)] == count for provider, type_, count in found)
    assert sorted(without.values(), reverse=True)[:8] == [count for *_, count in found]


def test_which_clusters_have_most_providers_and_how_long_they_run(snapshot: Snapshot, corpus: Corpus) -> None:
    def span_hours(cluster: list[Article]) -> float | None:
        times = [each.published for each in cluster if each.published]
        return (max(times) - min(times)).total_seconds() / 3600 if times else None

    expected = [
        (providers(cluster), len(cluster), min(each.day for each in cluster if each.day))
        for cluster in corpus.clusters.values()
        if providers(cluster) >= 2
    ]
    found = shown(snapshot, "Which clusters have most providers?", "provider_count", "article_count", "first_date")
    assert sorted(found, reverse=True) == sorted(expected, reverse=True)[:5]
    rows = []
    for size, least, most in (("1 article", 1, 1), ("2 to 3", 2, 3), ("4 to 9", 4, 9), ("10 and more", 10, 10**9)):
        spans = [span_hours(cluster) for cluster in corpus.clusters.values() if least <= len(cluster) <= most]
        hours = [span for span in spans if span is not None]
        rows.append((size, len(spans), rounded(float(statistics.median(hours))), rounded(max(hours))))
    columns = ("size", "cluster_count", "median_hours", "longest_hours")
    assert shown(snapshot, "How long does a cluster run?", *columns) == rows


def test_which_copies_have_stale_titles(snapshot: Snapshot, corpus: Corpus) -> None:
    stale = Counter(
        (target.title, title)
        for article in corpus.articles
        for title, target in corpus.targets(article)
        if title and target.title and title != target.title
    )
    found = shown(snapshot, "Which copies have stale titles?", "title", "title_in_copy", "copy_count")
    assert found
    assert all(stale[title, copy] == count for title, copy, count in found)
    assert sorted(stale.values(), reverse=True)[:5] == [count for *_, count in found]


def test_when_articles_are_published_and_when_none_are(snapshot: Snapshot, corpus: Corpus) -> None:
    days = [each.day for each in corpus.articles if each.day]
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    weekdays = Counter(day.weekday() for day in days)
    expected = [(name, weekdays[number]) for number, name in enumerate(names)]
    assert shown(snapshot, "On which weekdays are articles published?", "day", "article_count") == expected
    gaps = [
        ((-(after - before).days, before), before + dt.timedelta(1), after - dt.timedelta(1), (after - before).days - 1)
        for before, after in itertools.pairwise(sorted(set(days)))
    ]
    columns = ("first_silent_date", "last_silent_date", "days")
    assert shown(snapshot, "What are the longest gaps?", *columns) == first(list(gaps), 5)


def test_what_is_missing_a_date_and_which_urls_stand_in_two_files(snapshot: Snapshot, corpus: Corpus) -> None:
    undated = Counter(each.type for each in corpus.articles if each.published is None)
    found = shown(snapshot, "Which articles lack a date?", "type", "without_date_count", "outside_calendar_count")
    assert found == [
        (type_, count, 0) for type_, count in sorted(undated.items(), key=lambda item: (-item[1], item[0]))
    ]
    twice = [(url, len(found)) for url, found in sorted(corpus.by_url.items()) if len(found) > 1]
    assert shown(snapshot, "Which URLs are in several files?", "canonical_url", "file_count") == twice
    assert twice
