"""Finding tables and columns by what people call them."""

from collections.abc import Sequence
from difflib import get_close_matches

from frontmart.dictionary.tables import Column, Table
from frontmart.errors import UsageError


def find(name: str, tables: Sequence[Table]) -> Table | list[tuple[Table, Column]]:
    """The table of a name, or else every table that has a column of it, with that column.

    Args:
        name: `marts.topic_pairs` or `topic_pairs`, of which the first table in order is taken; or `story_id`; in any
            case of letters.
        tables: the tables to look in, those that matter most first.

    Raises:
        UsageError: naming the nearest names, where there is no such table or column.
    """
    wanted = name.strip().lower()
    for table in tables:
        if wanted in (table.full_name, table.name):
            return table
    found = [(table, column) for table in tables for column in table.columns if column.name == wanted]
    if not found:
        raise UsageError(f"{name!r} is no table and no column; {_advice(wanted, tables)}")
    return found


def _advice(wanted: str, tables: Sequence[Table]) -> str:
    known = dict.fromkeys(table.full_name for table in tables)
    known |= dict.fromkeys(table.name for table in tables)
    known |= dict.fromkeys(column.name for table in tables for column in table.columns)
    near = get_close_matches(wanted, list(known), n=3)
    listing = "`frontmart describe` lists the tables"
    return f"did you mean {' or '.join(near)}? {listing}" if near else listing
