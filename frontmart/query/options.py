"""Options of `frontmart query`: the query, the format and the output file."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.errors import UsageError
from frontmart.formats import FORMATS, QUERY_FORMATS

STANDARD_INPUT: Final = "-"
TABLE: Final = "table"


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """The format and the place of a query result.

    Attributes:
        format: one of QUERY_FORMATS.
        output: the file to write; None for standard output.
        row_limit: the most rows of a table shown on a terminal; 0 for all. Files and pipes get all rows.
        is_paged: whether a table larger than the terminal goes to a pager.
        is_for_spreadsheets: whether CSV is written so that spreadsheets do not compute texts as formulas.
        timeout: the most seconds that the query may run; None for no limit.
    """

    format: str
    output: Path | None = None
    row_limit: int = 0
    is_paged: bool = False
    is_for_spreadsheets: bool = False
    timeout: float | None = None

    def __post_init__(self) -> None:
        """Raise UsageError for an unknown format, and for options that do not go together."""
        if self.format not in QUERY_FORMATS:
            raise UsageError(f"unknown format {self.format!r}; use one of {', '.join(QUERY_FORMATS)}")
        if not FORMATS[self.format].is_text and self.output is None:
            raise UsageError(f"{self.format} is a binary format; name a file with --output")
        if self.is_for_spreadsheets and self.format != "csv":
            raise UsageError(f"--spreadsheet is for CSV, but the format is {self.format}; add --format csv")


def choose_format(given: str | None, output: Path | None) -> str:
    """The given format, or else that of the file's suffix, or else a table. Raises UsageError for an unknown suffix."""
    if given is not None or output is None:
        return given or TABLE
    suffix = output.suffix.lower()
    for name in QUERY_FORMATS:
        if suffix in FORMATS[name].suffixes:
            return name
    known = ", ".join(QUERY_FORMATS)
    raise UsageError(f"{output}: no format has the suffix {suffix!r}; add --format, one of {known}")


def read_sql(given: str | None, file: Path | None) -> str:
    """The query: the given text, the content of a file, or standard input for the text `-`.

    Raises UsageError for no query, for two, and for a file that cannot be read as UTF-8.
    """
    if (given is None) == (file is None):
        problem = "there is no query" if given is None else "there are two queries, SQL and --file"
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
