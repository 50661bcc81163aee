"""Limits on the calls of an agent and on their answers."""

from dataclasses import dataclass
from typing import Final

# The JSON of an answer: about 15,000 tokens, which clients take without cutting it off themselves.
ANSWER_BYTES: Final = 50_000
CATALOG_BYTES: Final = 4_096
# The parsers of clients take about 200 levels of a message, of which values are a part.
MOST_LEVELS: Final = 50
ERROR_CHARACTERS: Final = 1_000
SEARCH_ROWS: Final = 20
# A longer one is no question, and the parser would take seconds of it.
SQL_CHARACTERS: Final = 100_000
CALLS_AT_ONCE: Final = 4
# After its time limit, a call has these for a step that DuckDB does not interrupt, and to write its answer.
GRACE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that options of `frontmart mcp` set.

    Attributes:
        timeout: the most seconds that a call may run.
        rows: the most rows of an answer.
    """

    timeout: float = 30.0
    rows: int = 200


def too_slow(seconds: float) -> str:
    """The error of a call that ran into the time limit."""
    limit = f"it ran longer than {seconds:g} seconds, the limit of this server"
    return f"the query failed: {limit}; select less, as with WHERE, or read a mart instead of articles"
