"""Terms of articles, with weights: the rarer a term in the corpus, the heavier."""

import polars as pl

from transforms.events.fold import fold

# Scripts that set no spaces between words: their terms are pairs of neighbouring characters.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_PAIR = rf"[{_UNSPACED}]{{2}}"
_FIRST_OF_RUN = rf"([{_UNSPACED}])([{_UNSPACED}]*)"
_HAS_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
# A cut stem is the same for most inflected forms of a word, in any language that inflects at the end.
_STEM_CHARACTERS = 7


def terms(text: pl.Expr) -> pl.Expr:
    """The list of terms of a text: words cut to a stem, numbers, and pairs of characters in scripts without spaces."""
    folded = fold(text)
    has_unspaced = folded.str.contains(_HAS_UNSPACED)
    spaced = pl.when(has_unspaced).then(folded.str.replace_all(rf"[{_UNSPACED}]+", " ")).otherwise(folded)
    words = spaced.str.extract_all(rf"[^ ]{{1,{_STEM_CHARACTERS}}}[^ ]*").list.eval(
        pl.element().str.slice(0, _STEM_CHARACTERS)
    )
    unspaced = pl.when(has_unspaced).then(folded)
    pairs = unspaced.str.extract_all(_PAIR)
    odd_pairs = unspaced.str.replace_all(_FIRST_OF_RUN, "$2 ").str.extract_all(_PAIR)
    empty = pl.lit([], dtype=pl.List(pl.String))
    return pl.concat_list(words.fill_null(empty), pairs.fill_null(empty), odd_pairs.fill_null(empty))
