"""Precision and recall of events on pairs of articles labelled by reading, beside clusters and a naive baseline.

A pair counts as found if both articles are in one group. Most pairs were sampled by stratum; `weighted` counts each as
many times as its stratum has pairs of the corpus for each that was labelled, so few pairs of the largest stratum decide
it. Those of the stratum `found` are one pair of each of so many events that an earlier or the present version of the
rules had found: they say how many events are right, but nothing of what is missed.
"""

import argparse
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.events.corpus import news
from benchmarks.events.rivals import clusters, title_words, within
from transforms.events.group import group_events

LABELS: Final = Path(__file__).with_name("labels.csv")
_HALVES: Final = ("tune", "test", "fresh", "last")
_Z: Final = 1.96


def measures(groups: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """A row per half and sample: pairs, precision with its interval, recall; null where nothing is (to be) found.

    `groups`: document_id, group_id. `labels`: as `labels.csv`. A document without a group is in no group. The sample is
    `events` for the stratum `found`, the recall of which is null, else `pairs`.
    """
    group = dict(groups.select("document_id", "group_id").iter_rows())
    first = pl.col("document_id").replace_strict(group, default=None, return_dtype=pl.String)
    second = pl.col("other_document_id").replace_strict(group, default=None, return_dtype=pl.String)
    found, same = (first == second).fill_null(False), pl.col("is_same_event") == 1
    weight = pl.col("stratum_pairs") / pl.col("stratum_sampled")
    is_event = pl.col("stratum") == "found"
    sample = pl.when(is_event).then(pl.lit("events")).otherwise(pl.lit("pairs"))
    marked = labels.select("half", sample=sample, found=found, same=same, weight=weight)
    both = pl.col("found") & pl.col("same")
    low, high = _interval(both.sum(), pl.col("found").sum())
    rows = marked.group_by("half", "sample").agg(
        pairs=pl.len(),
        precision=_ratio(both.sum(), pl.col("found").sum()),
        low=low,
        high=high,
        recall=_ratio(both.sum(), pl.col("same").sum()),
        weighted_precision=_ratio(_sum(both), _sum(pl.col("found"))),
        weighted_recall=_ratio(_sum(both), _sum(pl.col("same"))),
    )
    of_pairs = ("recall", "weighted_precision", "weighted_recall")
    return rows.with_columns(pl.when(pl.col("sample") == "pairs").then(pl.col(name)).alias(name) for name in of_pairs)


def _interval(part: pl.Expr, whole: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The Wilson interval of 95 percent of a share."""
    share, doubt = part / whole, _Z**2 / whole
    middle, half = share + doubt / 2, (doubt * (share * (1 - share) + doubt / 4)).sqrt()
    low, high = (middle - half) / (1 + doubt), (middle + half) / (1 + doubt)
    return pl.when(whole > 0).then(low), pl.when(whole > 0).then(high)


def _sum(condition: pl.Expr) -> pl.Expr:
    return pl.col("weight").filter(condition).sum()


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def evaluate(articles: pl.DataFrame, links: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """A row per way of grouping, half and sample, see `measures`."""
    linked = clusters(articles, links)
    ways = {
        "events": group_events(articles, links).select("document_id", group_id="event_id"),
        "clusters": linked,
        "clusters, split at 72 hours": within(linked, articles, hours=72),
        "title words": title_words(articles),
    }
    rows = [measures(groups, labels).select(pl.lit(name).alias("way"), pl.all()) for name, groups in ways.items()]
    in_order = pl.col("half").cast(pl.Enum(_HALVES))
    return pl.concat(rows).sort(in_order, "sample", maintain_order=True)


def main() -> None:
    """Print the measures of the corpus that the labels were read from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the folder of the corpus")
    articles, links = news(parser.parse_args().source)
    labels = pl.read_csv(LABELS)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=150, float_precision=2, tbl_hide_dataframe_shape=True):
        print(evaluate(articles, links, labels))  # noqa: T201


if __name__ == "__main__":
    main()
