"""Summary of a report: key figures with their change, and a few sentences on the most important findings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from frontmart.catalog.features import Feature
from frontmart.report.queries import Tables, shown_features
from frontmart.report.wording import Name, change, clean, count, day, duration, percent
from transforms.vocabulary import DocumentKind, Preset

Sentence = tuple[str, ...]
Row = Mapping[str, Any]

# A topic that nearly all articles have changes as their number does, so it is not a finding.
_UMBRELLA_SHARE: Final = 0.9
# The figures of the last window: a column without `_count`, its label, and the feature that it needs.
_WINDOW_FIGURES: Final = (
    ("article", "Articles", None),
    ("cluster", "Clusters", Feature.RELATED),
    ("topic", "Topics covered", Feature.TOPICS),
    ("provider", "Providers", Feature.PROVIDER),
    ("author", "Authors", Feature.AUTHORS),
)
# What an article should have, where articles have it at all.
_EXPECTED: Final = (
    ("provider", "a provider", Feature.PROVIDER),
    ("topic", "a topic", Feature.TOPICS),
    ("author", "an author", Feature.AUTHORS),
)
_REJECTED: Final = {"reject": "file", "field_issue": "value"}
# Smaller changes in the number of articles are not a finding.
_LEAST_CHANGE: Final = 3
# Of fewer articles, a site's sentence states no percentage.
_LEAST_BASE: Final = 20
# Thresholds of competition authorities for the Herfindahl-Hirschman index.
_SPREAD, _CONCENTRATED = 0.10, 0.18


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure at the top of the page.

    Attributes:
        label: its name.
        value: the number.
        note: its change since the previous window, or a second number for comparison.
        trend: the direction of the change; none if there is nothing to compare with.
    """

    label: str
    value: str
    note: str
    trend: Literal["up", "down", "none"] = "none"


def kpis(tables: Tables) -> list[Kpi]:
    """The key figures at the top: first those of the latest window of days, then those of all articles."""
    scope, files = _row(tables, "scope"), _row(tables, "files")
    figures = list(_window_kpis(tables, scope))
    figures.append(Kpi("Articles in total", f"{scope['article_count']:,}", _totals(tables, scope)))
    if scope["preset"] == Preset.GENERIC and scope["with_image_article_count"]:
        # Of all articles: a site has too few in a window to compare.
        with_image, total = scope["with_image_article_count"], scope["article_count"]
        figures.append(Kpi("Articles with an image", percent(with_image / total), f"{with_image:,} of {total:,}"))
    if scope["last_article_date"]:
        ago = (scope["as_of_date"] - scope["last_article_date"]).days
        note = f"{count(ago, 'day')} before {day(scope['as_of_date'])}" if ago > 0 else "up to date"
        figures.append(Kpi("Newest article", day(scope["last_article_date"]), note))
    refused = files["reject_count"] / files["file_count"] if files["file_count"] else 0
    figures.append(
        Kpi("Rejected files", f"{files['reject_count']:,}", f"{percent(refused)} of {files['file_count']:,}")
    )
    return figures


def sentences(tables: Tables) -> list[Sentence]:
    """The findings that an editor would want to know, the most important first."""
    scope = _row(tables, "scope")
    if not scope["article_count"]:
        return [("This snapshot has no articles; build from a folder with articles.",)]
    return [*_kinds(tables), *_movement(tables, scope), *_topics(tables), *_leader(tables, scope),
            *_author(tables, scope), *_cluster(tables), *_pair(tables), *_health(tables, scope),
            *_drift(tables)]  # fmt: skip


def _totals(tables: Tables, scope: Row) -> str:
    """What the articles are about or who they are from, as far as they say so."""
    features, is_site = shown_features(tables), scope["preset"] == Preset.GENERIC
    parts = {
        Feature.RELATED: count(scope["cluster_count"], "cluster", "clusters"),
        Feature.PROVIDER: count(scope["provider_count"], "provider"),
        Feature.AUTHORS: count(scope["author_count"], "author"),
        **({Feature.TOPICS: count(scope["topic_count"], "topic")} if is_site else {}),
    }
    known = [text for feature, text in parts.items() if feature in features]
    return ", ".join(known) or f"of {count(_row(tables, 'files')['document_count'], 'document')}"


def _kinds(tables: Tables) -> Iterator[Sentence]:
    """How many documents of a site are posts, pages, sections and drafts."""
    kinds = dict(tables["document_kinds"].rows())
    if not kinds:
        return
    parts = [count(kinds[kind], kind) for kind in DocumentKind if kind in kinds]
    total = count(sum(kinds.values()), "document")
    if len(parts) == 1:
        yield (f"The site has {parts[0]}, which count as articles.",)
    else:
        yield (f"The site has {total}: {_join(parts)}; posts count as articles.",)


def _row(tables: Tables, name: str) -> Row:
    return tables[name].row(0, named=True)


def _windows(tables: Tables) -> tuple[Row, Row] | None:
    rows = tables["windows"].rows(named=True)
    return (rows[0], rows[1]) if rows else None


def _window_kpis(tables: Tables, scope: Row) -> Iterator[Kpi]:
    windows = _windows(tables)
    if windows is None:
        return
    now, before = windows
    features = shown_features(tables)
    for noun, label, feature in _WINDOW_FIGURES:
        if feature and feature not in features:
            continue
        new, old = now[f"{noun}_count"], before[f"{noun}_count"]
        note = f"{change(new, old)} ({old:,} before)" if old and new != old else change(new, old)
        trend: Literal["up", "down", "none"] = "up" if new > old else "down" if new < old else "none"
        yield Kpi(f"{label}, {scope['window_days']} days", f"{new:,}", note, trend)
    if now["article_count"] and scope["preset"] != Preset.GENERIC:
        share = now["with_image_article_count"] / now["article_count"]
        note = "no article before"
        if before["article_count"]:
            note = f"{percent(before['with_image_article_count'] / before['article_count'])} before"
        yield Kpi("Articles with an image", percent(share), note)


def _movement(tables: Tables, scope: Row) -> Iterator[Sentence]:
    windows = _windows(tables)
    if windows is None:
        articles = count(scope["article_count"], "article")
        yield (f"None of {articles} has a date, so there are no charts over time.",)
        return
    now, before = windows
    days, end = scope["window_days"], day(scope["reference_date"])
    if scope["is_stale"]:
        quiet_days = (scope["as_of_date"] - scope["last_article_date"]).days
        yield (
            f"Nothing was published in the {quiet_days:,} days to {day(scope['as_of_date'])}: changes below are for "
            f"the {days} days to {end}, the day of the last article.",
        )
    new, old = now["article_count"], before["article_count"]
    verb = "was" if new == 1 else "were"
    if new == old:
        compared = ", as many as"
    elif not old:
        compared = ", and none"
    elif scope["preset"] == Preset.GENERIC and old < _LEAST_BASE:
        compared = f", after {old:,}"
    else:
        share = percent(abs(new - old) / old)
        compared = f", {share} {'more' if new > old else 'fewer'} than"
    tail = f" ({old:,})" if " than" in compared else ""
    yield (
        f"{count(new, 'article')} {verb} published in the {days} days to {end}{compared} in the {days} before{tail}.",
    )


def _topics(tables: Tables) -> Iterator[Sentence]:
    changes = [
        (row["window_article_count"] - row["previous_window_article_count"], row)
        for row in tables["topics"].rows(named=True)
        if row["article_share"] < _UMBRELLA_SHARE
    ]
    nothing: tuple[int, Row] = (0, {})
    up = max(changes, key=lambda each: each[0], default=nothing)
    down = min(changes, key=lambda each: each[0], default=nothing)
    parts: list[str] = []
    if up[0] >= _LEAST_CHANGE:
        parts += [Name(clean(up[1]["topic"])), f" grew most: {_after(up[1])}"]
    if down[0] <= -_LEAST_CHANGE:
        parts += ["; " if parts else "", Name(clean(down[1]["topic"])), f" fell most: {_after(down[1])}"]
    if parts:
        yield (*parts, ".")


def _after(row: Row) -> str:
    return f"{count(row['window_article_count'], 'article')} after {row['previous_window_article_count']:,}"


def _leader(tables: Tables, scope: Row) -> Iterator[Sentence]:
    if tables["providers"].is_empty():
        return
    first, concentration = _row(tables, "providers"), _row(tables, "concentration")
    if scope["provider_count"] == 1:
        yield (Name(clean(first["provider_name"])), " is the only provider.")
        return
    total = concentration["provided_article_count"]
    yield (
        Name(clean(first["provider_name"])),
        f" leads with {first['article_count']:,} of {count(total, 'article')}",
        f" ({percent(first['article_count'] / total)})",
        *_spread(concentration, scope["provider_count"]),
        ".",
    )


def _spread(concentration: Row, provider_count: int) -> Iterator[str]:
    if provider_count <= 5:
        return
    share = percent(concentration["top_5_article_count"] / concentration["provided_article_count"])
    yield f"; the five largest of {provider_count:,} providers publish {share}; coverage is "
    if concentration["provider_hhi"] < _SPREAD:
        yield "widely spread"
    elif concentration["provider_hhi"] < _CONCENTRATED:
        yield "moderately concentrated"
    else:
        yield "highly concentrated"


def _author(tables: Tables, scope: Row) -> Iterator[Sentence]:
    if Feature.AUTHORS not in shown_features(tables) or tables["authors"].is_empty():
        return
    first, total = _row(tables, "authors"), scope["article_count"] - scope["without_author_article_count"]
    if scope["author_count"] == 1:
        yield (Name(clean(first["author_name"])), " is the only author.")
        return
    yield (
        Name(clean(first["author_name"])),
        f" wrote most: {first['article_count']:,} of {count(total, 'article')} with an author",
        f" ({percent(first['article_count'] / total)}); there are {count(scope['author_count'], 'author')}.",
    )


def _cluster(tables: Tables) -> Iterator[Sentence]:
    if Feature.RELATED not in shown_features(tables) or tables["clusters"].is_empty():
        return
    cluster = _row(tables, "clusters")
    if cluster["article_count"] < 2:
        return
    span = cluster["span_hours"]
    over = "" if span is None else f" {duration(span)}" if span < 1 else f" over {duration(span)}"
    providers = f" of {count(cluster['provider_count'], 'provider')}" if "provider_count" in cluster else ""
    size = f" has {cluster['article_count']:,} articles{providers}{over}"
    first = (Name(clean(cluster["first_provider_name"])), " was first.") if cluster.get("first_provider_name") else ()
    title = clean(cluster["title"] or "(without a title)", 140)
    yield ("The biggest cluster, “", Name(title), f"”,{size}{'; ' if first else '.'}", *first)


def _pair(tables: Tables) -> Iterator[Sentence]:
    if tables["pairs"].is_empty():
        return
    pair = _row(tables, "pairs")
    beyond = f"{pair['lift']:.1f} times as many as chance predicts"
    yield (
        Name(clean(pair["topic_a"])),
        " and ",
        Name(clean(pair["topic_b"])),
        f" occur together most: {count(pair['article_count'], 'article')} have both, {beyond}.",
    )


def _health(tables: Tables, scope: Row) -> Iterator[Sentence]:
    files = _row(tables, "files")
    numbers = {noun: files[f"{what}_count"] for what, noun in _REJECTED.items()}
    refused = _join([count(number, noun) for noun, number in numbers.items() if number] or ["nothing"])
    was = "were" if sum(numbers.values()) > 1 else "was"
    first = f"Of {count(files['file_count'], 'file')} seen, {refused} {was} rejected"
    features = shown_features(tables)
    missing = [
        count(scope[f"without_{noun}_article_count"], "article") + f" without {a_noun}"
        for noun, a_noun, feature in _EXPECTED
        if scope[f"without_{noun}_article_count"] and feature in features
    ]
    if scope["undated_article_count"]:
        missing.append(f"{scope['undated_article_count']:,} without a date")
    are = "is" if missing and missing[0].startswith("1 ") else "are"
    yield (f"{first}{f'; there {are} ' + _join(missing) if missing else ''}.",)


def _drift(tables: Tables) -> Iterator[Sentence]:
    if tables["drift"].is_empty():
        return
    first = _row(tables, "drift")
    if first["warning_count"]:
        warnings = count(first["warning_count"], "warning")
        yield (
            f"Drift since the previous snapshot has {warnings}, the first: ",
            Name(clean(first["message"])),
            ".",
        )


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
