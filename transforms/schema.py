"""Schemas of tables: their columns, types, keys, rules and descriptions, declared once, and the check of a frame.

The declarations read as those of dataframely, which a test compares the check with. Importing that would cost every
process that parses files as much time as parsing a thousand of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

import polars as pl


class ValidationError(ValueError):
    """A frame is not as its schema declares it: an error of Frontmart, not of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        dtype: the Polars type.
        description: a sentence, with the unit.
        nullable: whether values may be null.
        primary_key: whether it is part of the key of the table, by which rows are unique.
        unique: whether its values are unique.
        min: the lowest value, for numbers.
        regex: a pattern that every text contains.
        categories: all the texts that there are; None for any.
    """

    dtype: pl.DataType
    description: str = ""
    nullable: bool = False
    primary_key: bool = False
    unique: bool = False
    min: int | None = None
    regex: str | None = None
    categories: tuple[str, ...] | None = None

    def rules(self, name: str) -> Iterator[tuple[str, pl.Expr]]:
        """The rules of the column, given its name: each with an expression that is false for a value that breaks it."""
        values = pl.col(name)
        if not self.nullable:
            yield "is never null", values.is_not_null()
        if self.unique:
            yield "is unique", values.is_unique()
        if self.min is not None:
            yield f"is at least {self.min}", values >= self.min
        if self.regex is not None:
            yield f"matches {self.regex}", values.str.contains(self.regex)
        if self.categories is not None:
            yield f"is one of {', '.join(self.categories)}", values.is_in(self.categories)
        if self.dtype.is_float():
            yield "is finite", values.is_finite()


String: Final = partial(Column, dtype=pl.String())
Int32: Final = partial(Column, dtype=pl.Int32())
Int64: Final = partial(Column, dtype=pl.Int64())
Float64: Final = partial(Column, dtype=pl.Float64())
Bool: Final = partial(Column, dtype=pl.Boolean())
Date: Final = partial(Column, dtype=pl.Date())
# UTC, in microseconds, without a time zone.
Datetime: Final = partial(Column, dtype=pl.Datetime("us"))


def Enum(categories: Iterable[str], *, description: str, primary_key: bool = False) -> Column:  # noqa: N802 (a type)
    """A column of a closed set of texts, stored as text, which every tool reads."""
    known = tuple(map(str, categories))
    return Column(dtype=pl.String(), categories=known, description=description, primary_key=primary_key)


class Schema:
    """A table: the attributes of a subclass declare its columns, in order; its docstring starts with the grain.

    `RULES` are rules over several columns, by name: each an expression that is false for a row that breaks it.
    """

    RULES: ClassVar[dict[str, pl.Expr]] = {}

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns by name, in order."""
        return {name: value for name, value in vars(cls).items() if isinstance(value, Column)}

    @classmethod
    def column_names(cls) -> list[str]:
        """The names of the columns, in order."""
        return list(cls.columns())

    @classmethod
    def primary_key(cls) -> list[str]:
        """The names of the columns of the key."""
        return [name for name, column in cls.columns().items() if column.primary_key]

    @classmethod
    def validate(cls, frame: pl.DataFrame) -> None:
        """Check a frame, whose other columns do not matter.

        Raises:
            ValidationError: for a column that is missing or of another type, and for rows that break a rule, with
                their number.
        """
        types = {name: column.dtype for name, column in cls.columns().items()}
        for name, dtype in types.items():
            if frame.schema.get(name) != dtype:
                raise ValidationError(f"{cls.__name__}: {name} is {frame.schema.get(name)}, not {dtype}")
        rules = dict(cls._rules())
        counts = frame.select((~valid).sum().alias(rule) for rule, valid in rules.items()).row(0, named=True)
        broken = ", ".join(f"{rule} ({count} rows)" for rule, count in counts.items() if count)
        if broken:
            raise ValidationError(f"{cls.__name__}: these rules do not hold: {broken}")

    @classmethod
    def _rules(cls) -> Iterator[tuple[str, pl.Expr]]:
        for name, column in cls.columns().items():
            yield from ((f"{name} {rule}", valid) for rule, valid in column.rules(name))
        key = cls.primary_key()
        if key:
            yield f"{', '.join(key)} is unique", pl.struct(key).is_unique() if len(key) > 1 else pl.col(key).is_unique()
        yield from cls.RULES.items()
