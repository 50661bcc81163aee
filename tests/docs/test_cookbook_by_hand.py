"""The cookbook's answers against an independent calculation, from the raw files of the sample.

Which articles are one event is taken from the build: how they are grouped is tested with the transform that does it.
"""

import datetime as dt
import itertools
import statistics
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from frontmart.snapshots.store import Snapshot, published
from tests.docs.by_hand import Article, Corpus, folded, herfindahl, read_corpus
from tests.docs.cookbook import AS_OF, questions, rows_of
from tests.sample import SAMPLE, build_quietly

pytestmark = pytest.mark.slow

SQL = {question.title: question.sql for question in questions()}
LAST_DAY = dt.date.fromisoformat(AS_OF)
Row = tuple[object, ...]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(build_quietly(SAMPLE, tmp_path_factory.mktemp("by_hand"), as_of=AS_OF).out)


@pytest.fixture(scope="module")
def corpus(snapshot: Snapshot) -> Corpus:
    rows = rows_of(snapshot, "select path, event_id from core.articles where event_id is not null")
    return read_corpus(Path(SAMPLE), {str(row["path"]): str(row["event_id"]) for row in rows})


def shown(snapshot: Snapshot, title: str, *columns: str) -> list[Row]:
    """Columns of an answer, numbers to six digits."""
    return [tuple(rounded(row[column]) for column in columns) for row in rows_of(snapshot, SQL[title])]


def rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


def first(rows: Iterable[Row], count: int) -> list[Row]:
    """The first rows, rounded, without what they were sorted by: each row begins with its place."""
    return [tuple(map(rounded, row[1:])) for row in sorted(rows)[:count]]


def top(rows: Iterable[Row], count: int) -> list[Row]:
    """The first rows if the largest values come first, rounded."""
    return [tuple(map(rounded, row)) for row in sorted(rows, reverse=True)[:count]]


def events(articles: Iterable[Article]) -> int:
    return len({article.event for article in articles if article.event})


def organisations(articles: Iterable[Article]) -> int:
    return len({article.organisation for article in articles if article.organisation})


def within(articles: Iterable[Article], first_day: int, last_day: int) -> list[Article]:
    """The articles from so many days before the last day of the corpus to so many."""
    return [each for each in articles if each.day and first_day >= (LAST_DAY - each.day).days >= last_day]


def news(articles: Iterable[Article]) -> list[Article]:
    return [each for each in articles if each.kind == "news"]


def test_how_much_is_news_and_how_old_it_is(snapshot: Snapshot, corpus: Corpus) -> None:
    rows = []
    for kind, count in Counter(each.kind for each in corpus.articles).items():
        found = [each for each in corpus.articles if each.kind == kind]
        dated = sum(bool(each.day) for each in found)
        reported = events(found) if kind == "news" else 0
        rows.append(((-count, kind), kind, count, count / len(corpus.articles), dated, count - dated, reported))
    columns = (
        "kind", "article_count", "article_share", "dated_article_count", "undated_article_count", "event_count",
    )  # fmt: skip
    assert shown(snapshot, "How much of it is news?", *columns) == first(rows, 9)
    days = [each.day for each in corpus.news if each.day]
    columns = ("first_article_date", "last_article_date", "window_end_date", "days_since_last_article")
    expected = (min(days), max(days), LAST_DAY, (LAST_DAY - max(days)).days)
    assert shown(snapshot, "How old is it?", *columns) == [expected]


def test_how_even_the_collection_is(snapshot: Snapshot, corpus: Corpus) -> None:
    days = sorted(each.day for each in corpus.news if each.day)
    months = Counter((day.year, day.month) for day in days)
    rows = []
    for year in range(days[0].year, days[-1].year + 1):
        last = days[-1].month if year == days[-1].year else 12
        counts = [months[year, month] for month in range(days[0].month if year == days[0].year else 1, last + 1)]
        partial = (year == days[0].year) + (year == days[-1].year)
        rows.append((year, len(counts), len(counts) - partial, sum(counts), min(counts), max(counts)))
    columns = (
        "year", "month_count", "complete_month_count", "news_article_count", "least_in_a_month", "most_in_a_month",
    )  # fmt: skip
    assert shown(snapshot, "Is the collection even?", *columns) == rows


def test_how_many_articles_have_scores(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for kind, score in itertools.product(("news", "learning", "download", "newsletter"), ("heat", "quality")):
        values = [getattr(each, score) for each in corpus.articles if each.kind == kind]
        known = [value for value in values if value is not None]
        if known:
            rows.append(((-len(known), kind, score), kind, score, len(known), "varies" if len({*known}) > 1 else ""))
    columns = ("kind", "score", "score_article_count", "score_basis")
    assert shown(snapshot, "What do the scores say?", *columns) == first(rows, 9)
    found = next(row for row in rows_of(snapshot, SQL["What do the scores say?"]) if row["score"] == "quality")
    qualities = Counter(each.quality for each in corpus.news if each.quality is not None)
    value, count = qualities.most_common(1)[0]
    share = 100 * count // qualities.total()
    assert str(found["finding"]).startswith(f"the same value, {value}, in {share} percent of articles; ")


def test_what_is_written_about_most_and_which_topics_say_nothing(snapshot: Snapshot, corpus: Corpus) -> None:
    tagged = sum(bool(each.topics) for each in corpus.news)
    rows: list[Row] = []
    omnipresent: list[Row] = []
    for topic, found in corpus.topics.items():
        counts = (len(news(found)), events(found), len(news(found)) / tagged)
        if topic in corpus.news_topics:
            rows.append((events(found), len(news(found)), counts[2], len(found)))
        else:
            omnipresent.append(((-len(news(found)), topic), topic, *counts))
    columns = ("event_count", "news_article_count", "tagged_news_share", "article_count")
    assert shown(snapshot, "What is written about most?", *columns) == top(rows, 8)
    names = [str(name) for (name,) in shown(snapshot, "What is written about most?", "topic")]
    assert [len(news(corpus.topics[name])) for name in names] == [row[1] for row in top(rows, 8)]
    columns = ("topic", "news_article_count", "event_count", "tagged_news_share")
    assert shown(snapshot, "Which topics say nothing about an article?", *columns) == first(omnipresent, 9)
    assert len(omnipresent) == 1


def observed(corpus: Corpus, topic: str, first_day: int, last_day: int) -> tuple[int, int]:
    """The events of a window whose lead has the topic, and all events of the window with a lead."""
    found = [tags for lead, tags in corpus.leads.values() if within([lead], first_day, last_day)]
    return sum(topic in tags for tags in found), len(found)


def test_which_topics_grow(snapshot: Snapshot, corpus: Corpus) -> None:
    moved: list[Row] = []
    yearly: list[Row] = []
    for topic, days in itertools.product(corpus.news_topics, (7, 28, 90, 365)):
        (now, base), (before, base_before) = (
            observed(corpus, topic, days - 1, 0), observed(corpus, topic, 2 * days - 1, days),
        )  # fmt: skip
        share = now / base if base else None
        share_before = before / base_before if base_before else None
        change = None if share is None or share_before is None else share - share_before
        if days < 365 and now > before:
            moved.append(((-now, topic, days), topic, days, before, now, change, "too few"))
        if days == 365 and now + before:
            yearly.append(((change is None, -(change or 0), topic), topic, before, now, share_before, share, change))
    columns = (
        "topic", "window_days", "previous_observed_count", "observed_count", "share_difference", "break_reason",
    )  # fmt: skip
    assert shown(snapshot, "Which topics grow?", *columns) == first(moved, 8)
    columns = (
        "topic", "previous_observed_count", "observed_count", "previous_topic_share", "topic_share",
        "share_difference",
    )  # fmt: skip
    assert shown(snapshot, "Which topics grew over a year?", *columns) == first(yearly, 8)
    assert len(moved) > 1
    assert len(yearly) > 1


def test_how_one_topic_moves(snapshot: Snapshot, corpus: Corpus) -> None:
    _, topic = max(((events(found), len(found)), topic) for topic, found in corpus.news_topics.items())
    of_topic = [each for each in corpus.topics[topic] if each.day]
    rows = []
    for year in range(min(each.day.year for each in of_topic if each.day), LAST_DAY.year + 1):
        found = [each for each in news(of_topic) if each.day and each.day.year == year]
        tagged = sum(1 for each in corpus.news if each.day and each.day.year == year and each.topics)
        days = [each.day for each in corpus.news if each.day]
        is_complete = min(days) <= dt.date(year, 1, 1) and dt.date(year, 12, 31) <= max(days)
        rows.append((dt.date(year, 1, 1), len(found), events(found), rounded(len(found) / tagged), is_complete))
    columns = ("period_start_date", "news_article_count", "event_count", "tagged_news_share", "is_period_complete")
    assert shown(snapshot, "How does one topic move?", *columns) == rows


def test_which_topics_fell_silent_and_which_lost_organisations(snapshot: Snapshot, corpus: Corpus) -> None:
    silent: list[Row] = []
    lost: list[Row] = []
    for topic, found in corpus.news_topics.items():
        days = [each.day for each in found if each.day]
        last = (LAST_DAY - max(days)).days if days else 0
        if len(found) >= 3 and last >= 365:
            silent.append(((-last, topic), topic, len(found), max(days), last))
        now, before = within(found, 364, 0), within(found, 729, 365)
        fewer = organisations(before) - organisations(now)
        if fewer > 0:
            lost.append(
                ((-fewer, topic), topic, organisations(before), organisations(now), events(before), events(now))
            )
    columns = ("topic", "news_article_count", "last_news_date", "silent_days")
    assert shown(snapshot, "Which topics fell silent?", *columns) == first(silent, 8)
    columns = ("topic", "organisations_before", "organisations_now", "events_before", "events_now")
    assert shown(snapshot, "Which topics lost organisations?", *columns) == first(lost, 8)
    assert silent
    assert lost


def test_which_topics_co_occur(snapshot: Snapshot, corpus: Corpus) -> None:
    all_tags = [tags for _, tags in corpus.leads.values()]
    tag_count = sum(map(len, all_tags))

    def drawn(one: str, other: str) -> float:
        """The leads with both topics that chance predicts, if the tags of one fall on those beside the other."""
        others = sum(len(tags) - 1 for tags in all_tags if other in tags)
        count = {topic: sum(topic in tags for tags in all_tags) for topic in (one, other)}
        return count[one] * others / (tag_count - count[other])

    rows = []
    for one, other in itertools.combinations(sorted(corpus.topics), 2):
        shared = [each for each in corpus.topics[one] if each in corpus.topics[other]]
        if shared and {one, other} <= corpus.news_topics.keys():
            both = sum(one in tags and other in tags for tags in all_tags)
            chance = max(drawn(one, other), drawn(other, one))
            rows.append((one, other, both, rounded(chance), rounded(both / chance) if chance else None))
    columns = ("topic_a", "topic_b", "observed_count", "expected_count", "lift")
    found = shown(snapshot, "Which topics co-occur?", *columns)
    assert sorted(map(str, found)) == sorted(map(str, rows))
    assert 0 < len(rows) <= 8
    _, topic = max(((events(found), len(found)), topic) for topic, found in corpus.news_topics.items())
    related = [
        (other, sum(topic in tags and other in tags for tags in all_tags), rounded(len(shared) / len(members)))
        for other in corpus.news_topics
        if other != topic
        for members in (corpus.topics[topic],)
        if (shared := [each for each in members if each in corpus.topics[other]])
    ]
    columns = ("topic", "observed_count", "article_share")
    assert shown(snapshot, "Which topics co-occur with one topic?", *columns) == related


def test_which_topics_depend_on_one_organisation_and_who_on_one_topic(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for topic, found in corpus.news_topics.items():
        counts = Counter(each.organisation for each in found if each.organisation)
        if counts.total() >= 5:
            index, share = herfindahl(counts.values()), max(counts.values()) / counts.total()
            rows.append(((round(1 / index, 6), topic), counts.total(), len(counts), share, 1 / index))
    columns = ("news_article_count", "organisation_count", "top_share", "effective_number")
    title = "Which topics depend on one organisation?"
    assert sorted(shown(snapshot, title, *columns)) == sorted(first(rows, len(rows)))
    narrow: list[Row] = []
    for provided in corpus.providers.values():
        topics = Counter(
            topic for topic, found in corpus.news_topics.items() for each in found if each in news(provided)
        )
        if topics.total() >= 3:
            narrow.append((len(topics), topics.total(), rounded(1 / herfindahl(topics.values()))))
    columns = ("topic_count", "topic_article_count", "effective_number")
    assert shown(snapshot, "Who concentrates on one topic?", *columns) == narrow
    assert len(rows) > 1
    assert narrow


def test_which_topics_have_the_highest_scores(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for topic, found in corpus.news_topics.items():
        heats = [each.heat for each in found if each.heat is not None]
        if len(heats) >= 2:
            median = float(statistics.median(heats)) if len({*heats}) > 1 else None
            rows.append(((median is None, -(median or 0), topic), len(heats), median))
    columns = ("heat_article_count", "median_heat")
    found_rows = shown(snapshot, "Which topics have the highest scores?", *columns)
    assert sorted(map(str, found_rows)) == sorted(map(str, first(rows, 8)))
    assert rows


def test_who_publishes_most_who_copies_and_who_has_exclusives(snapshot: Snapshot, corpus: Corpus) -> None:
    most: list[Row] = []
    copying: list[Row] = []
    exclusive: list[Row] = []
    for found in corpus.organisations.values():
        own = {each.event for each in news(found) if each.event}
        alone = sum(organisations(corpus.reports[event]) == 1 for event in own if event)
        copies = sum(each in corpus.copies for each in found)
        most.append((len(own), len(news(found)), copies, alone))
        if copies:
            copying.append((copies, len(news(found)), copies / len(news(found))))
        if len(own) >= 3:
            exclusive.append((alone / len(own), len(own), alone))
    columns = ("event_count", "news_article_count")
    found_rows = shown(snapshot, "Who publishes most?", *columns)
    assert found_rows == [row[:2] for row in top(most, 8)]
    columns = (*columns, "syndicated_article_count", "exclusive_event_count")
    assert {*shown(snapshot, "Who publishes most?", *columns)} <= {*most}
    columns = ("syndicated_article_count", "news_article_count", "syndicated_share")
    found_rows = shown(snapshot, "Who copies most?", *columns)
    assert {*found_rows} <= {*copying}
    assert [row[0] for row in found_rows] == [row[0] for row in top(copying, 8)]
    columns = ("exclusive_share", "event_count", "exclusive_event_count")
    assert shown(snapshot, "Who has exclusives?", *columns) == top(exclusive, 8)
    assert copying
    assert exclusive


def test_which_names_are_one_organisation(snapshot: Snapshot, corpus: Corpus) -> None:
    rows: list[Row] = []
    for found in corpus.organisations.values():
        names = {each.provider for each in found}
        if len(names) > 1:
            rows.append((len(names), len(found)))
    assert shown(snapshot, "Which names are one organisation?", "provider_count", "article_count") == top(rows, 8)
    assert rows


def test_who_reports_events_first(snapshot: Snapshot, corpus: Corpus) -> None:
    shared: Counter[object] = Counter()
    firsts: Counter[object] = Counter()
    expected: Counter[object] = Counter()
    for articles in corpus.reports.values():
        provided = [each for each in articles if each.organisation]
        if organisations(provided) < 2:
            continue
        earliest = {each.organisation for each in provided if each.published == provided[0].published}
        shared.update({each.organisation for each in provided})
        for organisation in earliest:
            firsts[organisation] += 1 / len(earliest)  # type: ignore[assignment]
        for article in provided:
            expected[article.organisation] += 1 / len(provided)  # type: ignore[assignment]
    rows = [
        (count, rounded(float(firsts[each])), rounded(float(expected[each]))) for each, count in shared.items()
        if count >= 2
    ]  # fmt: skip
    columns = ("shared_event_count", "firsts", "expected_firsts")
    assert sorted(shown(snapshot, "Who reports events first?", *columns)) == sorted(rows)
    assert 0 < len(rows) <= 8


def test_whose_voice_is_loudest_and_who_is_new(snapshot: Snapshot, corpus: Corpus) -> None:
    of_year = [each for each in corpus.news if each.day and each.day.year == LAST_DAY.year - 1 and each.organisation]
    original = [each for each in of_year if each not in corpus.copies]
    rows = []
    for found in corpus.organisations.values():
        own, kept = ([each for each in found if each in group] for group in (of_year, original))
        if own:
            rows.append((len(own), len(kept), rounded(len(own) / len(of_year)), rounded(len(kept) / len(original))))
    columns = ("news_article_count", "original_article_count", "news_article_share", "original_article_share")
    found_rows = shown(snapshot, "Whose voice is loudest?", *columns)
    assert {*found_rows} <= {*rows}
    assert [row[0] for row in found_rows] == [row[0] for row in top(rows, 8)]
    new, silent = [], []
    for found in corpus.organisations.values():
        dated = [each for each in found if each.day]
        if dated and len(within(dated, 364, 0)) == len(dated):
            new.append(len(news(found)))
        if dated and not within(dated, 364, 0):
            silent.append(len(news(found)))
    columns = ("what", "organisation_count", "news_article_count")
    assert shown(snapshot, "Who is new, and who fell silent?", *columns) == [
        ("new", len(new), sum(new)), ("silent", len(silent), sum(silent)),
    ]  # fmt: skip


def test_whose_images_are_missing(snapshot: Snapshot, corpus: Corpus) -> None:
    without = Counter((each.provider, each.type) for each in corpus.articles if not each.images)
    found = shown(snapshot, "Whose images are missing?", "without_image_count")
    assert [count for (count,) in found] == sorted(without.values(), reverse=True)[:8]


def test_what_was_reported_most_by_whom_and_last_week(snapshot: Snapshot, corpus: Corpus) -> None:
    def span_hours(articles: list[Article]) -> float:
        times = [each.published for each in articles if each.published]
        return (max(times) - min(times)).total_seconds() / 3600

    reported = list(corpus.reports.values())
    rows = [(organisations(each), len(each), each[0].day, each[0].title, span_hours(each)) for each in reported]
    columns = ("organisation_count", "article_count", "first_date", "title", "span_hours")
    found = shown(snapshot, "What was reported most?", *columns)
    assert {*found} <= {tuple(map(rounded, row)) for row in rows}
    assert [row[:2] for row in found] == [row[:2] for row in top(rows, 5)]
    recent = [(each[0].day, each[0].title, len(each)) for each in reported if within(each, 6, 0)]
    found = shown(snapshot, "What happened last week?", "first_date", "title", "article_count")
    assert sorted(map(str, found)) == sorted(map(str, recent))
    assert recent
    largest = {(organisations(each), len(each)): each for each in reported}
    lags = shown(snapshot, "Who reported an event, and how much later?", "first_published_at", "lag_hours", "is_first")
    start = lags[0][0]
    articles = next(each for each in reported if each[0].published == start)
    assert max(largest) == (organisations(articles), len(articles))
    times = sorted(each.published for each in articles if each.published and each.organisation)[:8]
    assert lags == [
        (time, rounded((time - times[0]).total_seconds() / 3600), time == times[0]) for time in times
    ]  # fmt: skip


def test_how_long_an_event_runs(snapshot: Snapshot, corpus: Corpus) -> None:
    rows = []
    for size, least, most in (("1 article", 1, 1), ("2 to 3", 2, 3), ("4 to 9", 4, 9), ("10 and more", 10, 10**9)):
        spans = [
            (max(times) - min(times)).total_seconds() / 3600
            for articles in corpus.reports.values()
            if least <= len(articles) <= most
            for times in ([each.published for each in articles if each.published],)
        ]
        rows.append((size, len(spans), rounded(float(statistics.median(spans))), rounded(max(spans))))
    columns = ("size", "event_count", "median_hours", "longest_hours")
    assert shown(snapshot, "How long does an event run?", *columns) == rows


def test_which_titles_were_published_again(snapshot: Snapshot, corpus: Corpus) -> None:
    by_title: dict[str, list[Article]] = {}
    for article in corpus.articles:
        by_title.setdefault(folded(article.title), []).append(article)
    rows = {
        title: (len(found), events(found), max(Counter(each.provider for each in found).values()) > 1)
        for title, found in by_title.items()
        if len(found) > 1
    }
    columns = ("title", "article_count", "event_count", "is_repeated")
    found_rows = shown(snapshot, "Which titles were published again?", *columns)
    assert all(rows[folded(str(title))] == tuple(counts) for title, *counts in found_rows)
    assert [row[1] for row in found_rows] == sorted((count for count, *_ in rows.values()), reverse=True)[:5]


def test_what_is_in_a_cluster(snapshot: Snapshot, corpus: Corpus) -> None:
    rows = [(events(found), len(found)) for found in corpus.clusters.values() if len(found) > 1]
    assert shown(snapshot, "What is in a cluster?", "event_count", "article_count") == top(rows, 5)


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


def test_how_two_years_compare(snapshot: Snapshot, corpus: Corpus) -> None:
    rows = []
    for topic, found in (("(all)", corpus.news), *corpus.news_topics.items()):
        a, b = within(found, 729, 365), within(found, 364, 0)
        if a or b:
            rows.append((topic, len(a), len(b), events(a), events(b)))
    columns = ("topic", "a_news_article_count", "b_news_article_count", "a_event_count", "b_event_count")
    found_rows = shown(snapshot, "How do two years compare?", *columns)
    assert sorted(map(str, found_rows)) == sorted(map(str, rows))
    assert found_rows[0] == rows[0]


def test_when_news_is_published_and_when_none_is(snapshot: Snapshot, corpus: Corpus) -> None:
    days = sorted(each.day for each in corpus.news if each.day)
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    weekdays = Counter(day.weekday() for day in days)
    calendar = Counter((days[0] + dt.timedelta(day)).weekday() for day in range((days[-1] - days[0]).days + 1))
    expected = [
        (name, weekdays[number], calendar[number], rounded(weekdays[number] / calendar[number]))
        for number, name in enumerate(names)
    ]
    columns = ("day", "news_article_count", "day_count", "articles_a_day")
    assert shown(snapshot, "On which weekdays is news published?", *columns) == expected
    gaps = [
        ((-(after - before).days, before), before + dt.timedelta(1), after - dt.timedelta(1), (after - before).days - 1)
        for before, after in itertools.pairwise(sorted(set(days)))
    ]
    columns = ("first_silent_date", "last_silent_date", "days")
    assert shown(snapshot, "What are the longest gaps?", *columns) == first(list(gaps), 5)
    new = [(each.day, each.kind, each.title) for each in within(corpus.articles, 6, 0)]
    found = shown(snapshot, "What is new since last week?", "published_date", "kind", "title")
    assert sorted(map(str, found)) == sorted(map(str, new))


def test_what_is_missing_a_date_and_which_urls_are_in_two_files(snapshot: Snapshot, corpus: Corpus) -> None:
    undated = Counter((each.kind, each.type) for each in corpus.articles if each.published is None)
    found = shown(snapshot, "Which articles lack a date?", "kind", "type", "without_date_count")
    assert found == [(*key, count) for key, count in sorted(undated.items(), key=lambda item: (-item[1], item[0]))]
    twice = [(url, len(found), events(found)) for url, found in sorted(corpus.by_url.items()) if len(found) > 1]
    columns = ("canonical_url", "file_count", "event_count")
    assert shown(snapshot, "Which URLs are in several files?", *columns) == twice
    assert twice


def test_which_fields_got_worse(snapshot: Snapshot, corpus: Corpus) -> None:
    rows = []
    for year in sorted({each.day.year for each in corpus.news if each.day}):
        found = [each for each in corpus.news if each.day and each.day.year == year]
        shares = (
            sum(check(each) for each in found) / len(found)
            for check in (
                lambda each: bool(each.provider), lambda each: each.quality is not None,
                lambda each: bool(each.images), lambda each: bool(each.topics),
            )
        )  # fmt: skip
        rows.append((year, len(found), *map(rounded, shares)))
    columns = ("year", "news_article_count", "provider_share", "quality_share", "image_share", "topic_share")
    assert shown(snapshot, "Which fields got worse?", *columns) == rows
