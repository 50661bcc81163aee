"""What `frontmart query` is asked for: which query, in which format, to which place."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError

STANDARD_INPUT: Final = "-"


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    MARKDOWN = "markdown"


_SUFFIXES: Final = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".md": Format.MARKDOWN,
    ".txt": Format.TABLE,
}


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How an answer is wanted.

    Attributes:
        format: how it is written.
        output: the file it goes to; standard output if none.
        row_limit: the rows of a table that a terminal shows; 0 for all. Nothing else is ever cut.
        is_paged: whether a terminal may show it in a pager.
        is_for_spreadsheets: whether CSV is written so that a spreadsheet takes texts for texts.
    """

    format: Format
    output: Path | None = None
    row_limit: int = 0
    is_paged: bool = False
    is_for_spreadsheets: bool = False

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        if self.format is Format.PARQUET and self.output is None:
            raise UsageError("Parquet needs a file; name one with --output")
        if self.is_for_spreadsheets and self.format is not Format.CSV:
            raise UsageError(f"--spreadsheet is about CSV, but the format is {self.format}; add --format csv")


def chosen_format(given: Format | None, output: Path | None) -> Format:
    """The format given, or else the one that the name of the file says, or else a table."""
    if given is not None or output is None:
        return given or Format.TABLE
    try:
        return _SUFFIXES[output.suffix.lower()]
    except KeyError:
        known = ", ".join(Format)
        raise UsageError(f"{output}: its name does not say in which format; add --format, one of {known}") from None


def read_sql(given: str | None, file: Path | None) -> str:
    """The query: as given, from a file, or from standard input where `-` is given."""
    if (given is None) == (file is None):
        problem = "there is no query" if given is None else "the query stands on the command line and in a file"
        raise UsageError(f"{problem}; give one: frontmart query 'from topics', --file FILE, or - for standard input")
    if given is not None and given != STANDARD_INPUT:
        return given
    place = file or "standard input"
    try:
        content = file.read_bytes() if file else sys.stdin.buffer.read()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{place}: byte {error.start} is not UTF-8; save the query as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{place}: cannot be read ({error.strerror}); give another --file") from None
