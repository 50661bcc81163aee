"""Copies: articles with the same URL or near-identical titles within the window, which are certainly of one event."""

from typing import Final

import numpy as np
import polars as pl

from transforms.events.terms import Array

# A title that comes back after the window names a column or an advertisement: only copies of the same days are one.
_COLUMN_WINDOW: Final = 48 * 3_600_000_000
# A shorter title, such as 'Weekly update', may be that of several articles.
_LEAST_TITLE_BYTES: Final = 16
# A URL of more titles, such as that of a home page, identifies nothing.
_MOST_TITLES_OF_URL: Final = 5


def with_copy_keys(docs: pl.DataFrame, window: int) -> pl.DataFrame:
    """`docs` (time, title_key, canonical_url), with the columns column_key, copy_key and url_key.

    column_key: a hash of the title if it comes back after the window, else null. copy_key: a hash of the title, null if
    it is short. url_key: a hash of the URL, null if it identifies nothing.
    """
    title, url, time = pl.col("title_key"), pl.col("canonical_url"), pl.col("time")
    is_column = (time.max().over(title) - time.min().over(title)) > window
    is_page = url.is_not_null() & (title.n_unique().over(url) <= _MOST_TITLES_OF_URL)
    return docs.with_columns(
        column_key=pl.when(title.is_not_null() & is_column).then(title.hash()),
        copy_key=pl.when(title.str.len_bytes() >= _LEAST_TITLE_BYTES).then(title.hash()),
        url_key=pl.when(is_page).then(url.hash()),
    )


def _near_in_time(docs: pl.DataFrame, name: str, window: int) -> pl.Series:
    """`doc` of the articles that have the same key, not null, as another one within the window."""
    known = docs.select("doc", "time", key=name).drop_nulls().sort("key", "doc")
    is_near = (pl.col("key") == pl.col("key").shift(1)) & (pl.col("time").diff() <= window)
    return known.filter((is_near | is_near.shift(-1)).fill_null(value=False))["doc"]


def first_copies(docs: pl.DataFrame, window: int) -> Array:
    """The earliest copy of each article, itself if it is the first or has none; see `with_copy_keys` for `docs`.

    Articles are in the order of time, 0, 1, ...; copies of one article span at most `window` microseconds.
    """
    first = list(range(docs.height))
    time = docs["time"].to_list()
    runs: dict[tuple[str, int], int] = {}

    def root(doc: int) -> int:
        while first[doc] != doc:
            first[doc] = first[first[doc]]
            doc = first[doc]
        return doc

    def join(doc: int, kind: str, key: int | None, within: int) -> None:
        if key is None:
            return
        start = runs.setdefault((kind, key), doc)
        if time[doc] - time[start] > within:
            runs[kind, key] = doc
            return
        earlier, later = sorted((root(start), root(doc)))
        if time[doc] - time[earlier] <= window:
            first[later] = earlier

    # Most articles have no copy, and this loop is slow.
    numbered = docs.with_row_index("doc")
    near = pl.concat(_near_in_time(numbered, key, window) for key in ("copy_key", "url_key"))
    repeated = numbered.filter(pl.col("doc").is_in(near.implode()))
    for doc, copy_key, column_key, url_key in repeated.select("doc", "copy_key", "column_key", "url_key").iter_rows():
        join(doc, "title", copy_key, window if column_key is None else min(window, _COLUMN_WINDOW))
        join(doc, "url", url_key, window)
    return np.array([root(doc) for doc in range(docs.height)], dtype=np.int64)
