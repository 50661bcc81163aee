"""Answers as text: CSV, JSON, JSON lines and Markdown, a piece at a time. NULL is what each format has for nothing."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from frontmart.query.options import Format
from frontmart.query.result import QueryResult, Values
from frontmart.terminal.tables import shown
from transforms.formulas import FORMULA, MARK

_NEEDS_QUOTES: Final = re.compile(r'[",\r\n]|^\s|\s$')
_FORMULA: Final = re.compile(FORMULA)
_BYTE_ORDER_MARK: Final = "\ufeff"
# Within a word an underscore is no markup.
_MARKUP: Final = re.compile(r"[\\`*\[\]<>|~&]|(?<!\w)_|_(?!\w)")
_NUMBERS: Final = re.compile(r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))")


def as_csv(result: QueryResult) -> Iterator[str]:
    """CSV for programs: values as they are, NULL as nothing, an empty text as `""`, line ends as Unix has them."""
    yield _csv_line(map(_csv_text, result.columns), "\n")
    for row in result.rows:
        yield _csv_line(map(_csv_cell, row), "\n")


def as_spreadsheet_csv(result: QueryResult) -> Iterator[str]:
    """CSV for a double click: Excel takes it for UTF-8, and no text for a formula.

    An apostrophe stands before a text that a spreadsheet would compute; numbers stay numbers.
    """
    yield _BYTE_ORDER_MARK + _csv_line((_csv_cell(_neutral(name)) for name in result.columns), "\r\n")
    for row in result.rows:
        yield _csv_line((_csv_cell(_neutral(value)) for value in row), "\r\n")


def is_formula(value: object) -> bool:
    """Whether a spreadsheet might compute a value that is a text."""
    return isinstance(value, str) and _FORMULA.match(value) is not None


def as_json(result: QueryResult) -> Iterator[str]:
    """One JSON array with an object a row, each on a line of its own."""
    yield "["
    separator = "\n"
    for row in result.rows:
        yield separator + _json_object(result, row)
        separator = ",\n"
    yield "\n]\n"


def as_json_lines(result: QueryResult) -> Iterator[str]:
    """A JSON object a line."""
    for row in result.rows:
        yield _json_object(result, row) + "\n"


def as_markdown(result: QueryResult) -> Iterator[str]:
    """A table in Markdown as GitHub has it: numbers as `frontmart query` shows them, text never as markup."""
    yield _markdown_line(result.columns)
    yield "| " + " | ".join("---:" if is_number(type_) else "---" for type_ in result.types) + " |\n"
    for row in result.rows:
        yield _markdown_line(row)


TEXTS: Final[Mapping[Format, Callable[[QueryResult], Iterator[str]]]] = {
    Format.CSV: as_csv,
    Format.JSON: as_json,
    Format.JSONL: as_json_lines,
    Format.MARKDOWN: as_markdown,
}


def is_number(type_: str) -> bool:
    """Whether a type of DuckDB is one of numbers, which stand to the right."""
    return _NUMBERS.fullmatch(type_) is not None


def _neutral(value: object) -> object:
    return f"{MARK}{value}" if is_formula(value) else value


def _csv_line(cells: Iterator[str], end: str) -> str:
    return ",".join(cells) + end


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | Mapping):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return _csv_text(str(value))


def _csv_text(text: str) -> str:
    return text if text and not _NEEDS_QUOTES.search(text) else '"' + text.replace('"', '""') + '"'


def _json_object(result: QueryResult, row: Values) -> str:
    return json.dumps(dict(zip(result.columns, row, strict=True)), ensure_ascii=False, default=str)


def _markdown_line(cells: Values) -> str:
    texts = (" ".join(_MARKUP.sub(r"\\\g<0>", shown(cell)).split()) for cell in cells)
    return "| " + " | ".join(texts) + " |\n"
