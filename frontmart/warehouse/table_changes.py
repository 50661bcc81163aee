"""The columns of each table that an updated warehouse has other values in than the base snapshot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from frontmart.catalog.models import Model

# In the place of columns: rows were added or removed, so that every column counts as changed.
ROWS: Final = frozenset({"*"})
NOTHING: Final[frozenset[str]] = frozenset()

# The changed columns of a table, ROWS or NOTHING.
Change = frozenset[str]


@dataclass(slots=True)
class TableChanges:
    """The changes of a warehouse so far; threads may add to it, each table before anything that reads it asks for it.

    Attributes:
        by_table: the change of each table and view, by full name; those without a change are left out.
        models_run: the models that had to run again, by full name, in the order in which they did.
        queries: the queries whose results fill inputs of the models, such as events.links.
    """

    queries: Sequence[Model] = ()
    by_table: dict[str, Change] = field(default_factory=dict)
    models_run: list[str] = field(default_factory=list)

    def record(self, table: str, change: Change) -> None:
        """Record the change of a table whose rows are final."""
        if change:
            self.by_table[table] = change

    def of(self, table: str) -> Change:
        """The change of a table or view."""
        return self.by_table.get(table, NOTHING)

    def affect(self, query: Model) -> bool:
        """Whether a query may have another result than in the base snapshot: it reads what changed."""
        return any(self._affects(query, table) for table in query.reads)

    def affect_query(self, full_name: str) -> bool:
        """Whether one of `queries` may have another result than in the base snapshot."""
        return any(self.affect(query) for query in self.queries if query.full_name == full_name)

    def record_view(self, view: Model) -> None:
        """Record the change of a view: that of the columns which it computes from changed ones."""
        if not self.affect(view):
            return
        reads = view.column_reads
        found = None
        if reads and not any(
            self.of(table) == ROWS or (table in reads.whole and self.of(table)) for table in view.reads
        ):
            found = reads.outputs_of(_union(self.of(table) for table in view.reads))
        self.record(view.full_name, ROWS if found is None else found)

    def _affects(self, query: Model, table: str) -> bool:
        change = self.of(table)
        if not change:
            return False
        return change == ROWS or query.column_reads is None or query.column_reads.depends_on(table, change)


def _union(changes: Iterable[Change]) -> Change:
    return frozenset().union(*changes)
