"""Measures of a table: aggregates that are right for any rows, as headers define them in SQL.

    count(*)                                         rows
    count(*) filter (where is_news)                  rows that meet a condition
    count(distinct event_id)                         distinct values, with or without a condition
    min(published_at), max(published_at)             the first and the last value, with or without a condition
    video_count / article_count                      the quotient of two measures before it
    article_count / all(article_count)               the quotient of a measure and the same over all rows

A share is a quotient of counts, never a mean of shares, so that it is right for every selection of rows.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Aggregate = Literal["count", "count_distinct", "min", "max", "quotient", "share_of_all"]

_NAME: Final = r"[a-z][a-z0-9_]*"
_AGGREGATE: Final = re.compile(
    rf"(?:(?P<rows>count)\(\*\)|(?P<distinct>count)\(distinct (?P<value>{_NAME})\)"
    rf"|(?P<extreme>min|max)\((?P<column>{_NAME})\))(?: filter \(where (?P<condition>.+)\))?"
)
_QUOTIENT: Final = re.compile(rf"(?P<numerator>{_NAME}) / (?:(?P<denominator>{_NAME})|all\((?P<total>{_NAME})\))")
# Words and signs of conditions, which are the same in SQL and in the languages of semantic layers.
_CONDITION: Final = re.compile(rf"(?:not |and |is not null|>= |> |= |[0-9]+|{_NAME}| )+")
_WORDS: Final = frozenset(("not", "and", "is", "null"))


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a table.

    Attributes:
        name: its name.
        sentence: its meaning.
        sql: its definition.
        aggregate: the kind of its definition.
        column: the column that is aggregated; None for rows and quotients.
        condition: the condition on rows, as SQL; None if all rows count.
        numerator: the measure that a quotient divides; None for an aggregate.
        denominator: the measure that it divides by.
    """

    name: str
    sentence: str
    sql: str
    aggregate: Aggregate
    column: str | None = None
    condition: str | None = None
    numerator: str | None = None
    denominator: str | None = None

    @property
    def is_additive(self) -> bool:
        """Whether its values for parts of the rows add up to that for all of them."""
        return self.aggregate == "count"


def read_measure(
    name: str, sql: str, sentence: str, columns: Collection[str], earlier: Mapping[str, Measure]
) -> Measure:
    """Parse a measure.

    Args:
        name: its name.
        sql: its definition.
        sentence: its meaning.
        columns: the columns of its table.
        earlier: the measures before it, by name.

    Raises ValueError, with what to write instead, for another form of SQL, unknown columns and measures, and the name
    of a column.
    """
    if name in columns:
        raise ValueError("a column has this name. Give it another")
    if quotient := _QUOTIENT.fullmatch(sql):
        parts = [quotient["numerator"], quotient["denominator"] or quotient["total"]]
        if unknown := [part for part in parts if part not in earlier]:
            raise ValueError(f"{', '.join(unknown)} is not a measure above it. Divide measures that are")
        aggregate: Aggregate = "share_of_all" if quotient["total"] else "quotient"
        return Measure(name, sentence, sql, aggregate, numerator=parts[0], denominator=parts[1])
    found = _AGGREGATE.fullmatch(sql)
    condition = found["condition"] if found else None
    if not found or (condition and not _CONDITION.fullmatch(condition)):
        raise ValueError(f"`{sql}` is not a measure. Write count(*), count(distinct column) or a quotient of measures")
    column = found["value"] or found["column"]
    named = [column] if column else []
    named += [word for word in re.findall(_NAME, condition or "") if word not in _WORDS]
    if unknown := [word for word in named if word not in columns]:
        raise ValueError(f"{', '.join(unknown)} is not a column. Name one of `Columns:`")
    return Measure(name, sentence, sql, _aggregate(found), column, condition)


def _aggregate(found: re.Match[str]) -> Aggregate:
    if found["extreme"]:
        return "min" if found["extreme"] == "min" else "max"
    return "count" if found["rows"] else "count_distinct"
