"""A table of text as `rich` draws it where there is room for it, without the time that it takes to import `rich`."""

from collections.abc import Sequence
from typing import Final

_GAP: Final = "   "
_RULE: Final = "─"


def plain_table(names: Sequence[str], rows: Sequence[Sequence[str]], are_numbers: Sequence[bool]) -> list[str]:
    """The lines of a table: a header, a rule and the rows, between blank lines; all as wide as the table.

    Args:
        names: the names of the columns, at least one.
        rows: the texts of each row, each on one line.
        are_numbers: the columns that are aligned to the right.
    """
    lengths = [[cell_len(text) for text in row] for row in (names, *rows)]
    widths = [max(column) for column in zip(*lengths, strict=True)]
    header, *lines = (
        _GAP.join(
            " " * (width - length) + text if is_number else text + " " * (width - length)
            for text, length, width, is_number in zip(row, row_lengths, widths, are_numbers, strict=True)
        )
        for row, row_lengths in zip((names, *rows), lengths, strict=True)
    )
    width = sum(widths) + len(_GAP) * (len(widths) - 1)
    return [f" {line} " for line in (" " * width, header, _RULE * width, *lines, " " * width)]


def plain_fields(fields: Sequence[tuple[str, str]]) -> list[str]:
    """The lines of two columns without a header: names and texts; all as wide as the longest."""
    widths = [max(map(cell_len, column), default=0) for column in zip(*fields, strict=True)]
    return [
        " " + "  ".join(text + " " * (width - cell_len(text)) for text, width in zip(field, widths, strict=True)) + " "
        for field in fields
    ]


def cell_len(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len as measure  # of `rich`, this module alone is quick to import

    return measure(text)
