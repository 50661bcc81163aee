"""Text in any script folded so that texts that read the same are equal."""

import polars as pl

# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts are letters of their own, such as vowels.
_ACCENTS = r"[\u0300-\u036f]+"
_NEITHER_LETTER_NOR_DIGIT = r"[^\p{L}\p{M}\p{N}+#]+"
# Letters that a change of case turns into others: sharp s, final sigma, dotless i.
_LETTERS = {"\u00df": "ss", "\u03c2": "\u03c3", "\u0131": "i"}
# '+' and '#' belong to a word that they end (C++, C#), not to one that they begin (#hashtag).
_LEADING_SIGNS = r"(^| )[+#]+"


def fold(text: pl.Expr) -> pl.Expr:
    """Words of a text, separated by single spaces: without case, accents, width and punctuation; null stays null.

    The text of symbols alone, such as emoji, becomes ''.
    """
    decomposed = text.str.normalize("NFKD").str.to_lowercase().str.replace_all(_ACCENTS, "")
    letters = decomposed.str.replace_many(_LETTERS).str.normalize("NFC")
    words = letters.str.replace_all(_NEITHER_LETTER_NOR_DIGIT, " ")
    return words.str.replace_all(_LEADING_SIGNS, "$1").str.strip_chars(" ")
