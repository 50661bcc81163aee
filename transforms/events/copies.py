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
    """`docs` (time, title_key, canonical_url), with the columns column_key, url_key and is_repeated.

    column_key: a hash of the title if it comes back after the window, else null. url_key: a hash of the URL, null if it
    identifies nothing. is_repeated: whether another article has the same title or URL, and could be a copy.
    """
    title, url, time = pl.col("title_key"), pl.col("canonical_url"), pl.col("time")
    is_column = (time.max().over(title) - time.min().over(title)) > window
    is_page = url.is_not_null() & (title.n_unique().over(url) <= _MOST_TITLES_OF_URL)
    return docs.with_columns(
        column_key=pl.when(title.is_not_null() & is_column).then(title.hash()),
        copy_key=pl.when(title.str.len_bytes() >= _LEAST_TITLE_BYTES).then(title.hash()),
        url_key=pl.when(is_page).then(url.hash()),
    ).with_columns(is_repeated=_is_repeated("copy_key") | _is_repeated("url_key"))


def _is_repeated(name: str) -> pl.Expr:
    return pl.col(name).is_not_null() & (pl.len().over(name) > 1)


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

    repeated = docs.with_row_index("doc").filter("is_repeated")
    for doc, copy_key, column_key, url_key in repeated.select("doc", "copy_key", "column_key", "url_key").iter_rows():
        join(doc, "title", copy_key, window if column_key is None else min(window, _COLUMN_WINDOW))
        join(doc, "url", url_key, window)
    return np.array([root(doc) for doc in range(docs.height)], dtype=np.int64)
