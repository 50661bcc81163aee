"""The statistics of topics in plain Python, after the headers of their marts; exact up to the last division."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from math import comb, sqrt
from typing import Any

from tests.sql.shuffled import LAST_DAY, Article

Row = dict[str, Any]
Z = 1.959963984540054


def upper_p(hits: int, marked: int, drawn: int, population: int) -> float:
    """The upper tail of the hypergeometric distribution."""
    least, most = max(hits, marked + drawn - population, 0), min(marked, drawn)
    ways = sum(comb(marked, n) * comb(population - marked, drawn - n) for n in range(least, most + 1))
    return ways / comb(population, drawn)


def fisher_p(hits: int, marked: int, drawn: int, population: int) -> float:
    """Twice the smaller tail, at most 1."""
    above = upper_p(hits, marked, drawn, population)
    below = upper_p(marked - hits, marked, population - drawn, population)
    return min(1, 2 * min(above, below))


def q_values(p_values: Mapping[Any, float], family: int) -> dict[Any, float]:
    """Benjamini and Hochberg: the smallest of p * family / rank over all p that are no smaller."""
    ordered = sorted(p_values.values())
    adjusted = {p: p * family / (place + 1) for place, p in enumerate(ordered)}  # of equal ones, the last place
    return {key: min(1, *(adjusted[other] for other in adjusted if other >= p)) for key, p in p_values.items()}


def leads(articles: Sequence[Article], key: Callable[[Article], Any]) -> list[Article]:
    """The first article of each key, by day and then by place."""
    found: dict[Any, Article] = {}
    for article in sorted(articles, key=lambda article: -article.age):
        found.setdefault(key(article), article)
    return list(found.values())


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 percent confidence interval of a share."""
    share, square = hits / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return max(0, middle - half), min(1, middle + half)


def newcombe(hits: int, total: int, other_hits: int, other_total: int) -> tuple[float, float]:
    """The 95 percent confidence interval of a difference of two shares."""
    (low, high), (other_low, other_high) = wilson(hits, total), wilson(other_hits, other_total)
    share, other = hits / total, other_hits / other_total
    return (
        share - other - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        share - other + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def momentum(articles: Sequence[Article]) -> list[Row]:
    """marts.topic_momentum without the columns on breaks."""
    rows = []
    for days in (7, 28, 90):
        both = [article for article in articles if article.age < 2 * days]
        events = [article for article in leads(articles, lambda article: article.event) if article.age < 2 * days]
        last = [event for event in events if event.age < days]
        for topic in sorted({topic for article in both for topic in article.topics}):
            counted = [article for article in both if topic in article.topics]
            x, n = sum(topic in event.topics for event in last), len(last)
            y, m = sum(topic in event.topics for event in events) - x, len(events) - n
            tags, all_tags = (sum(len(event.topics) for event in those) for those in (last, events))
            pooled = (x + y) / (n + m)
            low, high = newcombe(x, n, y, m)
            rows.append(
                {
                    "topic_id": topic,
                    "topic": topic,
                    "window_days": days,
                    "news_article_count": sum(article.age < days for article in counted),
                    "previous_news_article_count": sum(article.age >= days for article in counted),
                    "observed_count": x,
                    "previous_observed_count": y,
                    "base_count": n,
                    "previous_base_count": m,
                    "tag_count": tags,
                    "previous_tag_count": all_tags - tags,
                    "topic_share": x / n,
                    "previous_topic_share": y / m,
                    "share_difference": x / n - y / m,
                    "share_difference_low": low,
                    "share_difference_high": high,
                    "z": (x / n - y / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) if 0 < pooled < 1 else None,
                    "p_value": max(
                        fisher_p(x, x + y, n, n + m), fisher_p(x, x + y, round((n + m) * tags / all_tags), n + m)
                    )
                    if x + y >= 5
                    else None,
                }
            )
    tested = {(row["topic_id"], row["window_days"]): row["p_value"] for row in rows if row["p_value"] is not None}
    found = q_values(tested, 2 * len(tested))
    for row in rows:
        row["q_value"] = found.get((row["topic_id"], row["window_days"]))
        row["is_emerging"] = (
            (row["q_value"] or 0 if row["q_value"] is not None else 1) <= 0.05
            and row["observed_count"] >= 5
            and row["topic_share"] >= 2 * row["previous_topic_share"]
        )
    return sorted(rows, key=lambda row: (row["topic_id"], row["window_days"]))


def pairs(articles: Sequence[Article]) -> list[Row]:
    """marts.topic_pairs without the names of topics; each corpus is one cluster."""
    events = leads(articles, lambda article: article.event)
    tags = sum(len(event.topics) for event in events)
    with_topic = Counter(topic for article in articles for topic in article.topics)
    lead_count = Counter(topic for event in events for topic in event.topics)
    others = Counter({t: sum(len(e.topics) - 1 for e in events if t in e.topics) for t in lead_count})
    rows = []
    for a, b in combinations(sorted(with_topic), 2):
        both = [article for article in articles if {a, b} <= set(article.topics)]
        if not both:
            continue
        observed = sum({a, b} <= set(event.topics) for event in events)
        expected, marked, drawn, population = max(
            (lead_count[b] * others[a] / (tags - lead_count[a]), others[a], lead_count[b], tags - lead_count[a]),
            (lead_count[a] * others[b] / (tags - lead_count[b]), others[b], lead_count[a], tags - lead_count[b]),
            key=lambda direction: direction[0],
        )
        is_tested = observed > 0 and min(lead_count[a], lead_count[b]) >= 5
        rows.append(
            {
                "topic_id_a": a,
                "topic_id_b": b,
                "article_count": len(both),
                "news_article_count": len(both),
                "event_count": len({article.event for article in both}),
                "cluster_count": 1,
                "topic_a_article_count": with_topic[a],
                "topic_b_article_count": with_topic[b],
                "topic_a_share": len(both) / with_topic[a],
                "topic_b_share": len(both) / with_topic[b],
                "jaccard_share": len(both) / (with_topic[a] + with_topic[b] - len(both)),
                "observed_count": observed,
                "topic_a_observed_count": lead_count[a],
                "topic_b_observed_count": lead_count[b],
                "topic_a_other_tag_count": others[a],
                "topic_b_other_tag_count": others[b],
                "tag_count": tags,
                "expected_count": expected,
                "lift": observed / expected if expected else None,
                "p_value": upper_p(observed, marked, drawn, population) if is_tested else None,
            }
        )
    family = comb(sum(count >= 5 for count in lead_count.values()), 2)
    p_values = {(row["topic_id_a"], row["topic_id_b"]): row["p_value"] for row in rows if row["p_value"] is not None}
    found = q_values(p_values, family)
    for row in rows:
        row["q_value"] = q = found.get((row["topic_id_a"], row["topic_id_b"]))
        row["is_more_than_chance"] = q is not None and q <= 0.05 and row["observed_count"] >= 5
    return rows


def blindspots(articles: Sequence[Article]) -> list[Row]:
    """marts.blindspots without names."""
    units = leads(articles, lambda article: (article.event, article.provider))
    base, tags = len(units), sum(len(unit.topics) for unit in units)
    providers, topics = (
        {name: count for name, count in sorted(counts.items()) if count >= 10}
        for counts in (Counter(u.provider for u in units), Counter(t for u in units for t in u.topics))
    )
    rows = []
    for provider, n in providers.items():
        own = [unit for unit in units if unit.provider == provider]
        own_tags = sum(len(unit.topics) for unit in own)
        for topic, k in topics.items():
            hits = sum(topic in unit.topics for unit in own)
            if max(n * k / base, own_tags * k / tags) < 1 and hits < 5:
                continue
            share = own_tags / tags
            bases = [
                (fisher_p(hits, k, n, base), "events", n * k / base, (1 - n / base) * (1 - k / base)),
                (fisher_p(hits, k, round(base * share), base), "tags", share * k, (1 - share) * (1 - k / base)),
            ]
            p, basis, expected, factor = max(bases, key=lambda each: each[0])
            rows.append(
                {
                    "provider_id": provider,
                    "topic_id": topic,
                    "news_article_count": sum(a.provider == provider and topic in a.topics for a in articles),
                    "observed_count": hits,
                    "provider_observed_count": n,
                    "topic_observed_count": k,
                    "base_count": base,
                    "provider_tag_count": own_tags,
                    "base_tag_count": tags,
                    "basis": basis,
                    "expected_count": expected,
                    "lift": hits / expected,
                    "direction": "over" if hits > expected else "under" if hits < expected else "even",
                    "adjusted_residual": (hits - expected) / sqrt(expected * factor),
                    "p_value": p,
                }
            )
    found = q_values(
        {(row["provider_id"], row["topic_id"]): row["p_value"] for row in rows}, 2 * len(providers) * len(topics)
    )
    for row in rows:
        row["q_value"] = q = found[row["provider_id"], row["topic_id"]]
        row["is_blindspot"] = q <= 0.05 and row["direction"] == "under" and row["expected_count"] >= 5
        row["is_focus"] = q <= 0.05 and row["direction"] == "over" and row["observed_count"] >= 5
    return rows


def _monday(age: int) -> dt.date:
    day = LAST_DAY - dt.timedelta(days=age)
    return day - dt.timedelta(days=day.weekday())


def burst_weeks(units: Iterable[tuple[int, int, Sequence[str]]]) -> dict[tuple[str, dt.date], Row]:
    """The bursts of core.burst_weeks by subject and week, of units of an age in days, tags and subjects."""
    base, tags, subjects = Counter[dt.date](), Counter[dt.date](), Counter[tuple[str, dt.date]]()
    for age, tag_count, names in units:
        base[_monday(age)] += 1
        tags[_monday(age)] += tag_count
        subjects.update((name, _monday(age)) for name in names)
    around = {week: [other for other in base if abs((other - week).days) <= 84] for week in base}
    totals = Counter[str]()
    for (name, _), count in subjects.items():
        totals[name] += count
    rows: dict[tuple[str, dt.date], Row] = {}
    for (name, week), count in sorted(subjects.items()):
        total = sum(subjects[name, other] for other in around[week])
        drawn, population = base[week], sum(base[other] for other in around[week])
        if population == drawn or count < 5:
            continue
        expected = drawn * (total - count) / (population - drawn)
        if count >= 2 * expected:
            part = tags[week] / sum(tags[other] for other in around[week])
            p_of_tags = upper_p(count, total, round(population * part), population)
            p = max(upper_p(count, total, drawn, population), p_of_tags)
            rows[name, week] = {"observed": count, "base": drawn, "expected": expected, "p": p}
    found = q_values({key: row["p"] for key, row in rows.items()},
                     len(base) * sum(total >= 5 for total in totals.values()))  # fmt: skip
    return {key: {**row, "q": found[key]} for key, row in rows.items() if found[key] <= 0.05}
