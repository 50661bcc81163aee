"""Text in any script folded so that texts that read the same are equal."""

from typing import Final

import polars as pl

# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts are letters of their own, such as vowels.
_ACCENTS: Final = r"[\u0300-\u036f]+"
# Quotation marks and dashes of typography, which many texts have that are ASCII otherwise.
_TYPOGRAPHY: Final = ["\u2018", "\u2019", "\u201c", "\u201d", "\u2013", "\u2014", "\u2026", "\u00a0"]
# Normalization takes long, so only texts that need it undergo it.
_NOT_ASCII: Final = r"(?s)^(.*[^\x00-\x7f].*)$"
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
    plain = text.str.replace_many(_TYPOGRAPHY, [" "])
    letters = pl.coalesce(_fold_letters(plain.str.extract(_NOT_ASCII)), plain.str.to_lowercase())
    words = letters.str.replace_all(_PUNCTUATION, " ").str.replace_all(_LEADING_SIGNS, "$1")
    return words.str.replace_all(" {2,}", " ").str.strip_chars(" ")


def _fold_letters(text: pl.Expr) -> pl.Expr:
    decomposed = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(_ACCENTS, "")
    return decomposed.str.replace_many(_LETTERS).str.normalize("NFC")
