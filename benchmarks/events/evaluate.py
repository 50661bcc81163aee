"""Precision and recall of events on pairs of articles labelled by reading, beside clusters and a naive baseline.

A pair counts as found if both articles are in one group. Pairs were sampled by stratum; `weighted` counts each as many
times as its stratum has pairs of the corpus for each that was labelled, so few pairs of the largest stratum decide it.
"""

import argparse
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.events.corpus import news
from benchmarks.events.rivals import clusters, title_words, within
from transforms.events.group import group_events

LABELS: Final = Path(__file__).with_name("labels.csv")


def measures(groups: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """A row per half: pairs, precision and recall, weighted and not; null where nothing is found or to be found.

    `groups`: document_id, group_id. `labels`: as `labels.csv`. A document without a group is in no group.
    """
    group = dict(groups.select("document_id", "group_id").iter_rows())
    first = pl.col("document_id").replace_strict(group, default=None, return_dtype=pl.String)
    second = pl.col("other_document_id").replace_strict(group, default=None, return_dtype=pl.String)
    found, same = (first == second).fill_null(False), pl.col("is_same_event") == 1
    weight = pl.col("stratum_pairs") / pl.col("stratum_sampled")
    marked = labels.select("half", "stratum", found=found, same=same, weight=weight)
    both = pl.col("found") & pl.col("same")
    return marked.group_by("half").agg(
        pairs=pl.len(),
        precision=_ratio(both.sum(), pl.col("found").sum()),
        recall=_ratio(both.sum(), pl.col("same").sum()),
        weighted_precision=_ratio(_sum(both), _sum(pl.col("found"))),
        weighted_recall=_ratio(_sum(both), _sum(pl.col("same"))),
    )


def _sum(condition: pl.Expr) -> pl.Expr:
    return pl.col("weight").filter(condition).sum()


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def evaluate(articles: pl.DataFrame, links: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """A row per way of grouping and half, see `measures`."""
    linked = clusters(articles, links)
    ways = {
        "events": group_events(articles, links).select("document_id", group_id="event_id"),
        "clusters": linked,
        "clusters, split at 72 hours": within(linked, articles, hours=72),
        "title words": title_words(articles),
    }
    rows = [measures(groups, labels).select(pl.lit(name).alias("way"), pl.all()) for name, groups in ways.items()]
    return pl.concat(rows).sort(pl.col("half") == "test", maintain_order=True)


def main() -> None:
    """Print the measures of the corpus that the labels were read from."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the folder of the corpus")
    articles, links = news(parser.parse_args().source)
    labels = pl.read_csv(LABELS)
    with pl.Config(tbl_rows=-1, tbl_width_chars=120, float_precision=2, tbl_hide_dataframe_shape=True):
        print(evaluate(articles, links, labels))  # noqa: T201


if __name__ == "__main__":
    main()
