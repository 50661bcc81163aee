"""Sets of words, written as a text."""


def words(text: str) -> frozenset[str]:
    """The words of a text, which are separated by white space."""
    return frozenset(text.split())
