"""`frontmart search`: the articles with some words, by the macro search of the published warehouse."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from frontmart.snapshots.read import read_published
from frontmart.snapshots.store import Snapshot
from frontmart.warehouse.read_only import Row, read_rows
from frontmart.warehouse.statements import quote_literal

NO_INDEX: Final = (
    "note: there is no search index, so articles with all words in the title come first, then the latest; "
    "build with --search to rank them"
)
_COLUMNS: Final = ("score", "published_date", "provider_name", "title", "document_id")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The articles that a search found.

    Attributes:
        rows: the columns of the macro search, an article each, the best match first.
        is_ranked: whether the snapshot has a search index, so that rows have a score.
    """

    rows: list[Row]
    is_ranked: bool

    def shown(self) -> list[Row]:
        """The columns that a terminal shows, without those that the corpus or the search lacks."""
        names = [name for name in _COLUMNS if self.is_ranked or name != "score"]
        return [{name: row[name] for name in names if name in row} for row in self.rows]


def search(out: Path, words: str, *, is_any: bool = False, limit: int = 0) -> SearchResult:
    """Search the published snapshot of an output folder.

    Args:
        out: the output folder.
        words: the words, separated by spaces.
        is_any: whether any of the words suffices.
        limit: the most articles; 0 for all.

    Raises UsageError for a snapshot of an earlier version, whose macro has no score.
    """
    match = "any" if is_any else "all"
    most = f" limit {limit}" if limit else ""
    sql = f"from search({quote_literal(words)}, match := '{match}'){most}"

    def read(snapshot: Snapshot) -> SearchResult:
        flag = read_rows(snapshot, "select is_searchable from staging.build")
        return SearchResult(read_rows(snapshot, sql), bool(flag[0]["is_searchable"]))

    return read_published(out, read)
