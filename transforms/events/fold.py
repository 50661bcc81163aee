"""Text in any script folded so that texts that read the same are equal."""

from collections.abc import Callable
from typing import Final

import polars as pl

# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts are letters of their own, such as vowels.
_ACCENTS: Final = r"[\u0300-\u036f]+"
# Quotation marks and dashes of typography, which many texts have that are ASCII otherwise.
_TYPOGRAPHY: Final = ["\u2018", "\u2019", "\u201c", "\u201d", "\u2013", "\u2014", "\u2026", "\u00a0"]
# Letters that a change of case turns into others: sharp s, final sigma, dotless i.
_LETTERS: Final = {"\u00df": "ss", "\u03c2": "\u03c3", "\u0131": "i"}
# Single spaces stay out of the pattern: a match costs more than the characters around it.
_PUNCTUATION: Final = r"[^\p{L}\p{M}\p{N}+# ]+"
# '+' and '#' belong to a word that they end (C++, C#), not to one that they begin (#hashtag).
_LEADING_SIGNS: Final = r"(^| )[+#]+"


def fold(text: pl.Expr) -> pl.Expr:
    """Words of a text, separated by single spaces: without case, accents, width and punctuation; null stays null.

    A text of symbols alone, such as emoji, becomes ''.
    """
    # A function of series: an expression would repeat each step as often as a later one refers to it.
    return text.map_batches(_fold, return_dtype=pl.String)


def _fold(text: pl.Series) -> pl.Series:
    plain = text.str.replace_many(_TYPOGRAPHY, [" "])
    # Most texts are ASCII without signs: only the others undergo what takes long.
    letters = change_if(~is_ascii(plain), plain, _fold_letters, plain.str.to_lowercase())
    words = letters.str.replace_all(_PUNCTUATION, " ")
    words = change_if(words.str.contains("[+#]"), words, lambda signed: signed.str.replace_all(_LEADING_SIGNS, "$1"))
    return words.str.replace_all(" {2,}", " ").str.strip_chars(" ")


def _fold_letters(text: pl.Series) -> pl.Series:
    decomposed = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(_ACCENTS, "")
    return decomposed.str.replace_many(_LETTERS).str.normalize("NFC")


def is_ascii(text: pl.Series) -> pl.Series:
    """Whether all characters of each text are ASCII."""
    return text.str.len_bytes() == text.str.len_chars()


def change_if(
    condition: pl.Series,
    text: pl.Series,
    change: Callable[[pl.Series], pl.Series],
    otherwise: pl.Series | None = None,
) -> pl.Series:
    """The changed texts where a condition holds; elsewhere the texts of `otherwise`, or as they are."""
    rest = text if otherwise is None else otherwise
    positions = condition.fill_null(value=False).arg_true()
    return rest.clone().scatter(positions, change(text.gather(positions))) if len(positions) else rest
