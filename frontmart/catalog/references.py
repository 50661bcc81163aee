"""References between tables: columns whose values are the key of another table, as a foreign key is."""

import re
from dataclasses import dataclass
from typing import Final

_REFERENCE: Final = re.compile(r"(?P<column>[a-z][a-z0-9_]*) in (?P<table>[a-z]+\.[a-z][a-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns of a table whose values, where none is NULL, are the key of a row of another.

    Attributes:
        columns: the columns, in the order of the other table's key.
        table: the full name of the other table.
    """

    columns: tuple[str, ...]
    table: str


def read_references(text: str) -> tuple[Reference, ...]:
    """References as a header writes them: `topic_id_a in core.dim_topics, topic_id_b in core.dim_topics`.

    Raises ValueError, naming the part that is no reference.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _REFERENCE.fullmatch(part)
        if not match:
            raise ValueError(part)
        found.append(Reference((match["column"],), match["table"]))
    return tuple(found)
