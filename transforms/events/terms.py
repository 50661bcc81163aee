"""Terms of articles: words cut to a stem, numbers, and pairs of characters in scripts that set no spaces."""

from typing import Any, Final

import numpy as np
import polars as pl

from transforms.events.fold import change_if, fold, is_ascii

Array = np.ndarray[Any, np.dtype[Any]]

_UNSPACED: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_HAS_UNSPACED: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
# The start of a word is the same for most of its inflected forms, in any language that inflects at the end.
_STEM_CHARACTERS: Final = 6
# Characters and terms of a text that count: the start of it has the news.
_TITLE: Final = (300, 32)
_EXCERPT: Final = (150, 30)


def term_entries(docs: pl.DataFrame) -> "Entries":
    """The terms of the articles `docs` (doc, title, excerpt), whose `doc` is 0, 1, ... in the order of time."""
    parts = [_hashes(docs, "title", *_TITLE), _hashes(docs, "excerpt", *_EXCERPT)]
    return Entries(parts, docs.height)


class Entries:
    """A row per article and distinct term of it, in the order of the terms, then of the articles.

    `term`: 0, 1, ...; `doc`; `is_title`: whether the term is in the title, not in the excerpt alone.
    """

    def __init__(self, parts: list[tuple[Array, Array]], docs: int) -> None:
        """Pack a hash of the term, the article and the part into one integer, so that one fast sort orders all."""
        bits = np.uint64(max(docs, 1).bit_length())
        keys = [
            ((hashes >> (bits + _1)) << (bits + _1)) | (doc.astype(np.uint64) << _1) | np.uint64(part)
            for part, (doc, hashes) in enumerate(parts)
        ]
        key = np.sort(np.concatenate(keys))
        # The title sorts before the excerpt, so the first of the two stays.
        key = key[is_first(key >> _1)]
        self.doc: Array = ((key >> _1) & ((_1 << bits) - _1)).astype(np.int64)
        self.is_title: Array = (key & _1) == 0
        self.term: Array = np.cumsum(is_first(key >> (bits + _1))) - 1


_1: Final = np.uint64(1)


def is_first(values: Array) -> Array:
    """Whether each of the sorted values differs from the one before."""
    differs = np.ones(len(values), dtype=bool)
    differs[1:] = values[1:] != values[:-1]
    return differs


def _hashes(docs: pl.DataFrame, column: str, characters: int, most: int) -> tuple[Array, Array]:
    """The article and the hash of each term of a column, repeated as often as it is in the text."""
    text = docs.select(segment(fold(pl.col(column).fill_null("").str.slice(0, characters)))).to_series()
    terms = text.str.split(" ").list.head(most)
    count = terms.list.len().to_numpy()
    doc = np.repeat(docs["doc"].to_numpy(), count)
    # A word is searched for digits only if there is one in its text.
    digits = pl.select(text.str.contains("[0-9]").alias("has"), terms.list.len().alias("count"))
    may_have_digits = digits.select(pl.col("has").repeat_by("count").explode()).to_series()
    words = terms.explode()
    is_term = (words != "").to_numpy()
    return doc[is_term], _stems(words, may_have_digits).hash().to_numpy()[is_term]


def _stems(words: pl.Series, may_have_digits: pl.Series) -> pl.Series:
    """The start of each word; of one with a digit, all of it: a number is cut from no name, it tells versions apart."""
    stems = words.str.head(_STEM_CHARACTERS)
    return change_if(
        may_have_digits,
        words,
        lambda some: change_if(~some.str.contains("[0-9]"), some, lambda word: word.str.head(_STEM_CHARACTERS)),
        stems,
    )


def segment(folded: pl.Expr) -> pl.Expr:
    """A folded text with spaces between its terms; of text without spaces, all pairs of neighbouring characters."""
    return folded.map_batches(_segment, return_dtype=pl.String)


def _segment(folded: pl.Series) -> pl.Series:
    # Few texts have such a part, and taking a text apart takes long.
    return change_if(~is_ascii(folded), folded, lambda text: change_if(text.str.contains(_HAS_UNSPACED), text, _pairs))


def _pairs(text: pl.Series) -> pl.Series:
    spaced = text.str.replace_all(rf"[{_UNSPACED}]+", " ")
    pairs = text.str.extract_all(rf"[{_UNSPACED}]{{1,2}}").list.join(" ")
    inner = text.str.replace_all(rf"([{_UNSPACED}])([{_UNSPACED}]*)", "$2 ")
    other_pairs = inner.str.extract_all(rf"[{_UNSPACED}]{{2}}").list.join(" ")
    return pl.select(pl.concat_str(spaced, pairs, other_pairs, separator=" ")).to_series()
