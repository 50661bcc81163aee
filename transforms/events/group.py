"""Articles -> events: one happening or announcement, with its follow-ups and copies, within ten days."""

from typing import Final

import numpy as np
import polars as pl

from transforms.events.agglomerate import Bounds, Groups
from transforms.events.candidates import UNIT, Pairs, candidates, likest
from transforms.events.columns import column
from transforms.events.copies import first_copies, with_copy_keys
from transforms.events.likeness import DAY, Days, weights
from transforms.events.own_terms import with_own_terms
from transforms.events.terms import Array, Entries, term_entries
from transforms.events.titles import title_key

WINDOW_DAYS: Final = 10
# Two groups are one event if the mean likeness between them is at least this, from 0 to 1.
LEAST_LIKENESS: Final = 0.12
# What a pair of single articles needs more; a pair of groups needs the less of it, the more pairs the mean is of.
MORE_OF_A_PAIR: Final = 0.13
# Likeness falls by a factor of e in this time, and the sooner, the more is published in these days than usual.
_FADING: Final = 8 * DAY
# A provider seldom reports one happening twice in other words: two of its articles in like words are mostly a series.
_SAME_PROVIDER: Final = 0.25
_HOST: Final = r"^[A-Za-z]+://([^/?#]+)"
# What a related link between two articles adds to their likeness.
_LINK: Final = 0.02
# A pair less alike than this counts as not alike at all.
_LEAST_KEPT: Final = 0.06


def group_events(articles: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """document_id, event_id: every article exactly once, sorted by document_id.

    `articles`: document_id, title, excerpt, published_at (Datetime in microseconds, UTC, not null), canonical_url,
    provider_id; texts, URLs and providers may be null; rows in any order. `links`: document_id, linked_document_id:
    related links between these articles, in any direction; links to other documents are left out.

    The event_id is the document_id of the earliest article of the event, by published_at and then document_id. It stays
    the same when later articles join. It changes when an earlier one joins or the earliest leaves; when new articles
    about the event make it merge with an earlier one, or fall apart; and, for groups at the edge of a threshold, when
    other articles change how frequent a term is or how much is usual, or a title comes back after the window.
    """
    window = WINDOW_DAYS * DAY
    docs = with_copy_keys(_in_order_of_time(articles), window)
    first = first_copies(docs, window)
    is_first = first == np.arange(docs.height)
    nodes = docs.filter(column(is_first) == 1).with_row_index("doc")
    node = (np.cumsum(is_first) - 1)[first]
    time = docs["time"].to_numpy()
    end = np.zeros(nodes.height, dtype=np.int64)
    np.maximum.at(end, node, time)
    founder = nodes["document_id"].gather(column(_grouped(nodes, end, links)[node]))
    return docs.select("document_id", founder.alias("event_id")).sort("document_id")


def _in_order_of_time(articles: pl.DataFrame) -> pl.DataFrame:
    return articles.sort("published_at", "document_id").with_columns(
        time=pl.col("published_at").dt.epoch("us"),
        title_key=title_key(pl.col("title"), pl.col("provider_id")),
    )


def _grouped(nodes: pl.DataFrame, end: Array, links: pl.DataFrame) -> Array:
    """The first node of the group of each node; `end`: the time of the last copy of each."""
    time = nodes["time"].to_numpy()
    entries, days = term_entries(nodes), Days(time)
    in_days = days.uses(entries)
    weight = weights(entries, in_days, days)
    groups = Groups(time, end, nodes["document_id"].hash().to_numpy())
    bounds = Bounds(LEAST_LIKENESS * UNIT, MORE_OF_A_PAIR * UNIT, WINDOW_DAYS * DAY)
    groups.merge(*_scored(nodes, links, entries, weight, days.pace()), bounds)
    return with_own_terms(groups.group, entries, weight, in_days)


def _scored(nodes: pl.DataFrame, links: pl.DataFrame, entries: Entries, weight: Array, pace: Array) -> Pairs:
    """a, b, score in millionths: pairs of nodes a < b that are alike; see `weights` and `Days.pace`."""
    time, root = nodes["time"].to_numpy(), np.sqrt(pace)
    least = round(_LEAST_KEPT * UNIT)
    linked = _linked(nodes, links)
    provider, column = _codes(nodes.select(_provider()).to_series()), _codes(nodes["column_key"])
    empty = np.zeros(0, dtype=np.int64)
    found: list[Pairs] = [(empty, empty, empty)]
    for a, b, score in candidates(entries, weight, time, WINDOW_DAYS * DAY, least):
        likeness = score + _are_in(linked, (a << 32) | b) * (_LINK * UNIT)
        likeness[_are_same(provider, a, b)] *= _SAME_PROVIDER
        likeness[_are_same(column, a, b)] = 0
        # Likeness only fades, and fading costs most.
        possible = np.flatnonzero(likeness >= least)
        a, b, likeness = a[possible], b[possible], likeness[possible]
        passed = (time[b] - time[a]) * (root[a] * root[b])
        likeness *= np.exp(-passed / _FADING)
        kept = np.flatnonzero(likeness >= least)
        found.append(likest(a[kept], b[kept], np.rint(likeness[kept]).astype(np.int64)))
    a, b, score = (np.concatenate(part) for part in zip(*found, strict=True))
    return a, b, score


def _provider() -> pl.Expr:
    """Who published an article: without a provider, the host of the URL; without both, the one author of a blog."""
    return pl.coalesce("provider_id", pl.col("canonical_url").str.extract(_HOST), pl.lit(""))


def _codes(values: pl.Series) -> Array:
    """A number for each distinct value; 0 for null."""
    return values.rank("dense").fill_null(0).to_numpy()


def _are_same(codes: Array, a: Array, b: Array) -> Array:
    """Whether both nodes of each pair have the same value, not null."""
    are_same: Array = (codes[a] == codes[b]) & (codes[a] != 0)
    return are_same


def _are_in(values: Array, pairs: Array) -> Array:
    """Whether each pair is one of the values, each once; both are sorted, and the values are few."""
    position = np.searchsorted(pairs, values)
    is_inside = position < len(pairs)
    position, values = position[is_inside], values[is_inside]
    are_in = np.zeros(len(pairs), dtype=bool)
    are_in[position[pairs[position] == values]] = True
    return are_in


def _linked(nodes: pl.DataFrame, links: pl.DataFrame) -> Array:
    """The pairs of nodes, a << 32 | b, one of which has a related link to the other; sorted."""
    number = nodes.select("document_id", "doc")
    ends = links.join(number, on="document_id").join(
        number, left_on="linked_document_id", right_on="document_id", suffix="_linked"
    )
    from_, to = (ends[name].cast(pl.Int64).to_numpy() for name in ("doc", "doc_linked"))
    pairs = np.sort((np.minimum(from_, to) << 32) | np.maximum(from_, to))
    return pairs[np.diff(pairs, prepend=-1) > 0]  # `np.unique` imports `numpy.ma`, which takes long
