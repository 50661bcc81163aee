"""Text as written -> typed columns, and a field issue for every value that does not fit its type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.tidy.distinct import by_expression, parse_distinct

Parse = Callable[[pl.Expr], pl.Expr]

ISSUE_COLUMNS: Final = ("document_id", "path", "field", "value", "problem")

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class Cast:
    """How a field of the file becomes a column: its path in the record, the column, the parser, what a misfit is.

    `plain` is a cheap parser that does for most texts, see `parse_distinct`; None where few files have the field.
    """

    field: str
    column: str
    parse: Parse
    problem: str
    plain: Parse | None = None

    def source(self) -> pl.Expr:
        """The text of the field, `a.b` being a field of a struct."""
        head, *inner = self.field.split(".")
        expression = pl.col(head)
        for name in inner:
            expression = expression.struct.field(name)
        return expression

    def parsed(self, texts: pl.Series) -> pl.Series:
        """The column that the texts of the field make."""
        return parse_distinct(texts, by_expression(self.parse), by_expression(self.plain) if self.plain else None)


def apply_casts(frame: pl.DataFrame, casts: Sequence[Cast], prefix: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with the columns of all casts, and an issue for each value refused.

    Args:
        frame: any grain below a document, with document_id and path.
        casts: what to cast; a null source gives a null column and no issue.
        prefix: what stands before the field in the name of an issue, such as `images[3].`; per row.
    """
    texts = frame.select(cast.source().alias(cast.column) for cast in casts)
    parsed = [cast.parsed(texts[cast.column]) for cast in casts]
    # A column may bear the name of its field, whose text the issues still need.
    misfits = {
        cast: texts[cast.column].is_not_null() & values.is_null() for cast, values in zip(casts, parsed, strict=True)
    }
    issues = [
        frame.filter(misfit).select(
            "document_id",
            "path",
            field=pl.concat_str(prefix, pl.lit(cast.field)),
            value=cast.source(),
            problem=pl.lit(cast.problem),
        )
        for cast, misfit in misfits.items()
        if misfit.any()
    ]
    return frame.with_columns(parsed), pl.concat([no_issues(), *issues])


def no_issues() -> pl.DataFrame:
    """An empty frame of issues."""
    return pl.DataFrame(schema=dict.fromkeys(ISSUE_COLUMNS, pl.String))


def as_integer(text: pl.Expr) -> pl.Expr:
    """A whole number of up to 64 bits; 47.0 is one, 47.5 is not."""
    text = text.str.strip_chars()
    number = text.cast(pl.Int64, strict=False)
    fraction = pl.when(number.is_null()).then(text).cast(pl.Float64, strict=False)
    is_whole = (fraction == fraction.round(0)) & (fraction.abs() < 2.0**53)
    return pl.coalesce(number, pl.when(is_whole).then(fraction).cast(pl.Int64, strict=False))


def plain_integer(text: pl.Expr) -> pl.Expr:
    """A whole number in plain digits."""
    return text.cast(pl.Int64, strict=False)


def as_count(text: pl.Expr) -> pl.Expr:
    """A whole number that is not negative."""
    number = as_integer(text)
    return pl.when(number >= 0).then(number)


def as_pixels(text: pl.Expr) -> pl.Expr:
    """A whole number above zero, with or without `px`."""
    number = as_integer(text.str.replace(r"(?i)px\s*$", ""))
    return pl.when(number > 0).then(number)


def plain_pixels(text: pl.Expr) -> pl.Expr:
    """A whole number above zero in plain digits."""
    number = plain_integer(text)
    return pl.when(number > 0).then(number)


def as_number(text: pl.Expr) -> pl.Expr:
    """A finite number."""
    number = text.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def as_flag(text: pl.Expr) -> pl.Expr:
    """True or false, in any of the spellings of YAML 1.1."""
    word = text.str.strip_chars().str.to_lowercase()
    return pl.when(word.is_in(_TRUE)).then(True).when(word.is_in(_FALSE)).then(False)


def plain_flag(text: pl.Expr) -> pl.Expr:
    """True or false, as a file that was written by a program has it."""
    return pl.when(text == "true").then(True).when(text == "false").then(False)
