"""Markdown tables as GitHub renders them."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import BinaryIO, Final

from frontmart.formats.data import QueryResult, WriteOptions
from frontmart.terminal.tables import format_value

_NUMBERS: Final = re.compile(r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))")
# An underscore within a word is not markup.
_MARKUP: Final = re.compile(r"[\\`*\[\]<>|~&]|(?<!\w)_|_(?!\w)")
# Also each underscore, and the characters that turn a bare URL or address into a link.
_MARKUP_OR_LINK: Final = re.compile(r"[\\`*\[\]<>|~&_@]|:(?=//)|\.(?<=(?i:www)\.)")
_BARE_PIPE: Final = re.compile(r"(?<!\\)\|")


def write_rows(result: QueryResult, file: BinaryIO, _: WriteOptions) -> list[str]:
    """Write a query result as a Markdown table: numbers rounded as on a terminal, texts without markup."""
    numbers = [place for place, type_ in enumerate(result.types) if _NUMBERS.fullmatch(type_)]
    rows = ([_cell(value) for value in row] for row in result.rows)
    for line in markdown_table([_cell(name) for name in result.columns], rows, right_aligned=numbers):
        file.write(f"{line}\n".encode())
    return []


def markdown_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, right_aligned: Collection[int] = ()
) -> Iterator[str]:
    """The lines of a table.

    Args:
        header: the column names.
        rows: the cells, as Markdown on one line; a `|` that is not escaped yet is escaped here.
        right_aligned: the 0-based positions of the columns to align right, such as those of numbers.
    """
    yield _line(header)
    yield _line(["---:" if place in right_aligned else "---" for place in range(len(header))])
    for row in rows:
        yield _line(row)


def escape_markdown(text: str, *, keep_links: bool = False) -> str:
    """Text as Markdown that renders as that text, on one line.

    Args:
        text: the text.
        keep_links: whether bare URLs and addresses stay as they are, so that renderers turn them into links.
    """
    markup = _MARKUP if keep_links else _MARKUP_OR_LINK
    return " ".join(markup.sub(r"\\\g<0>", text).split())


def _cell(value: object) -> str:
    return escape_markdown(format_value(value), keep_links=True)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_BARE_PIPE.sub(r"\\|", cell) for cell in cells) + " |"
