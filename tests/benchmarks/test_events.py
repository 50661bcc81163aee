"""The evaluation of events: its labels, and its measures on a handful of pairs."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.events.evaluate import LABELS, measures
from benchmarks.events.rivals import clusters, title_words, within
from tests.transforms.events.articles import NO_LINKS, article, frame

LABELLED = pl.read_csv(LABELS)


def test_each_pair_is_labelled_once_and_fresh_pairs_apart_from_those_that_were_tuned_on() -> None:
    assert dict(LABELLED["half"].value_counts().iter_rows()) == {"tune": 204, "test": 196, "fresh": 265, "last": 190}
    assert LABELLED.select("document_id", "other_document_id").is_unique().all()
    assert (LABELLED["document_id"] < LABELLED["other_document_id"]).all()
    assert set(LABELLED["is_same_event"]) == {0, 1}
    drawn = pl.col("half").replace("tune", "test")
    sampled = LABELLED.group_by("stratum", drawn).agg(pl.len(), pl.col("stratum_sampled").first())
    assert (sampled["len"] == sampled["stratum_sampled"]).all()


def test_precision_and_recall_count_pairs_and_weigh_them_by_stratum() -> None:
    labels = pl.DataFrame(
        {
            "document_id": ["a", "a", "c", "x"],
            "other_document_id": ["b", "c", "d", "y"],
            "stratum": ["near", "near", "far", "far"],
            "stratum_pairs": [20, 20, 100, 100],
            "stratum_sampled": [2, 2, 2, 2],
            "half": ["test"] * 4,
            "is_same_event": [1, 0, 1, 1],
        }
    )
    groups = pl.DataFrame({"document_id": ["a", "b", "c", "d"], "group_id": ["1", "1", "1", "2"]})
    row = measures(groups, labels).row(0, named=True)
    assert (row["pairs"], row["precision"], row["weighted_precision"]) == (4, 0.5, 0.5)
    assert row["recall"] == pytest.approx(1 / 3)
    assert row["weighted_recall"] == pytest.approx(10 / 110)


def test_one_pair_of_each_event_says_how_many_events_are_right_and_nothing_of_what_is_missed() -> None:
    labels = pl.DataFrame(
        {
            "document_id": ["a", "a", "a"],
            "other_document_id": ["b", "c", "d"],
            "stratum": ["near", "found", "found"],
            "stratum_pairs": [20, 150, 150],
            "stratum_sampled": [1, 2, 2],
            "half": ["fresh"] * 3,
            "is_same_event": [1, 1, 0],
        }
    )
    groups = pl.DataFrame({"document_id": ["a", "b", "c", "d"], "group_id": ["1"] * 4})
    expected = pl.DataFrame(
        {
            "half": ["fresh"] * 2,
            "sample": ["events", "pairs"],
            "pairs": [2, 1],
            "precision": [0.5, 1.0],
            "low": [0.095, 0.207],
            "high": [0.905, 1.0],
            "recall": [None, 1.0],
            "weighted_precision": [None, 1.0],
            "weighted_recall": [None, 1.0],
        },
        schema_overrides={"pairs": pl.UInt32},
    )
    assert_frame_equal(measures(groups, labels).sort("sample"), expected, abs_tol=0.001)


def test_rivals_group_by_links_and_by_title_words() -> None:
    rows = [
        article("a bridge falls down", 0),
        article("a bridge falls", 1),
        article("a bridge falls", 30),
        article("rain", 0),
    ]
    articles = frame(rows)
    ids = articles["document_id"].to_list()
    links = pl.DataFrame({"document_id": ids[1:3], "linked_document_id": ids[2:4]}, schema=NO_LINKS.schema)
    linked = clusters(articles, links)
    assert _sizes(linked) == [1, 3]
    assert _sizes(within(linked, articles, hours=72)) == [1, 1, 2]
    assert _sizes(title_words(articles)) == [1, 1, 2]


def _sizes(groups: pl.DataFrame) -> list[int]:
    return sorted(groups.group_by("group_id").len()["len"])
