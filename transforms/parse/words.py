"""How many words a text of any length has."""

from typing import Final

_PIECE: Final = 2**16


def count_words(text: str) -> int:
    """Runs of anything but white space, counted by pieces: a list of all words takes some fifteen times the text."""
    count = len(text[:_PIECE].split())
    for start in range(_PIECE, len(text), _PIECE):
        is_within_a_word = not (text[start - 1].isspace() or text[start].isspace())
        count += len(text[start : start + _PIECE].split()) - is_within_a_word
    return count
