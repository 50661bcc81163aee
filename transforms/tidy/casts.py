"""Text as written -> typed columns, and a field issue for every value that does not parse."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.fields import Kind, Record
from transforms.tidy.dates import as_seconds, as_timestamp, common_timestamp
from transforms.tidy.distinct import by_expression, parse_distinct

Parse = Callable[[pl.Expr], pl.Expr]

ISSUE_COLUMNS: Final = ("document_id", "path", "field", "value", "problem")

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser of texts of one kind.

    Attributes:
        parse: any text -> its value, or null.
        problem: the problem reported for a text without a value.
        parse_common: a cheap parser for the usual spelling, see `parse_distinct`; None for kinds that few files have.
    """

    parse: Parse
    problem: str
    parse_common: Parse | None = None

    def __call__(self, texts: pl.Series) -> pl.Series:
        """The values of a column of texts, under the same name."""
        common = by_expression(self.parse_common) if self.parse_common else None
        return parse_distinct(texts, by_expression(self.parse), common)


def cast_fields(frame: pl.DataFrame, record: Record, prefix: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the column of each declared single value -> the frame, and an issue for each value that does not parse.

    Args:
        frame: any grain below a document, with document_id, path and the fields of the record as text.
        record: the declared fields. A null value becomes a null in the column, without an issue.
        prefix: the text before the field in an issue, such as `images[3].`; per row.
    """
    texts = frame.select(_text_of(path).alias(scalar.column_name) for path, scalar in record.scalars)
    columns: list[pl.Series] = []
    issues = [no_issues()]
    for path, scalar in record.scalars:
        written = texts[scalar.column_name]
        parser = PARSERS.get(scalar.kind)
        column = parser(written) if parser else written
        columns.append(column)
        is_refused = written.is_not_null() & column.is_null()
        if parser and is_refused.any():
            issues.append(_issues(frame.filter(is_refused), path, prefix, parser.problem))
    return frame.with_columns(columns), pl.concat(issues)


def _text_of(path: str) -> pl.Expr:
    """The text of a field of a record, `a.b` being a field of a struct."""
    head, *inner = path.split(".")
    expression = pl.col(head)
    for name in inner:
        expression = expression.struct.field(name)
    return expression


def _issues(refused: pl.DataFrame, path: str, prefix: pl.Expr, problem: str) -> pl.DataFrame:
    return refused.select(
        "document_id",
        "path",
        field=pl.concat_str(prefix, pl.lit(path)),
        value=_text_of(path),
        problem=pl.lit(problem),
    )


def no_issues() -> pl.DataFrame:
    """An empty frame of issues."""
    return pl.DataFrame(schema=dict.fromkeys(ISSUE_COLUMNS, pl.String))


def as_integer(text: pl.Expr) -> pl.Expr:
    """An integer of up to 64 bits, also as 47.0; null for 47.5."""
    text = text.str.strip_chars()
    number = text.cast(pl.Int64, strict=False)
    fraction = pl.when(number.is_null()).then(text).cast(pl.Float64, strict=False)
    is_whole = (fraction == fraction.round(0)) & (fraction.abs() < 2.0**53)
    return pl.coalesce(number, pl.when(is_whole).then(fraction).cast(pl.Int64, strict=False))


def common_integer(text: pl.Expr) -> pl.Expr:
    """An integer in plain digits."""
    return text.cast(pl.Int64, strict=False)


def as_count(text: pl.Expr) -> pl.Expr:
    """An integer of 0 or more."""
    number = as_integer(text)
    return pl.when(number >= 0).then(number)


def as_pixels(text: pl.Expr) -> pl.Expr:
    """An integer above 0, with or without `px`."""
    number = as_integer(text.str.replace(r"(?i)px\s*$", ""))
    return pl.when(number > 0).then(number)


def common_pixels(text: pl.Expr) -> pl.Expr:
    """An integer above 0 in plain digits."""
    number = common_integer(text)
    return pl.when(number > 0).then(number)


def as_number(text: pl.Expr) -> pl.Expr:
    """A finite number."""
    number = text.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def as_flag(text: pl.Expr) -> pl.Expr:
    """True or false, in any of the spellings of YAML 1.1."""
    word = text.str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in(_TRUE)).then(True).when(word.is_in(_FALSE)).then(False)


def common_flag(text: pl.Expr) -> pl.Expr:
    """`true` or `false`, as programs write them."""
    return pl.when(text == "true").then(True).when(text == "false").then(False)


# The other kinds are text, of which every value is accepted.
PARSERS: Final = {
    Kind.INTEGER: Parser(as_integer, "not an integer", common_integer),
    Kind.COUNT: Parser(as_count, "not an integer of 0 or more"),
    Kind.NUMBER: Parser(as_number, "not a number"),
    Kind.PIXELS: Parser(as_pixels, "not an integer of pixels above 0", common_pixels),
    Kind.FLAG: Parser(as_flag, "neither true nor false", common_flag),
    Kind.TIMESTAMP: Parser(
        as_timestamp, "not a recognisable date or time; write it as 2021-04-20T22:38:00Z", common_timestamp
    ),
    Kind.DURATION: Parser(as_seconds, "not a recognisable duration; write it as PT1H2M3S"),
}
