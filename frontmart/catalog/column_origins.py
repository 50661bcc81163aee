"""The origin of each column: the columns that its model reads, and the columns of tidy tables below them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from frontmart.catalog.column_lineage import column_lineage, columns_read
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model


@dataclass(frozen=True, slots=True)
class Origin:
    """The columns from which a column is computed, as `schema.table.column`; none for a constant or a count of rows.

    Attributes:
        read: columns of the tables that the model reads.
        tidy: columns of tidy tables; for marts only.
    """

    read: frozenset[str]
    tidy: frozenset[str]


def column_origins(models: Sequence[Model]) -> dict[str, dict[str, Origin]]:
    """The origin of each column of each model, by full name and column; unresolved columns are left out.

    Args:
        models: the models, each after all that it reads, as `read_models` returns them.
    """
    known = {f"tidy.{name}": schema.column_names() for name, schema in INPUTS.items()}
    known |= {model.full_name: list(model.columns) for model in models}
    tidy = column_lineage(models)
    return {
        model.full_name: {
            column: Origin(_dotted(pairs), tidy.get(model.full_name, {}).get(column, frozenset()))
            for column, pairs in columns_read(model, {name: known[name] for name in model.reads}).items()
        }
        for model in models
    }


def by_table(columns: frozenset[str]) -> Mapping[str, list[str]]:
    """Columns grouped by table, both in order: `tidy.documents` -> heat, quality."""
    found: dict[str, list[str]] = {}
    for column in sorted(columns):
        table, _, name = column.rpartition(".")
        found.setdefault(table, []).append(name)
    return found


def _dotted(pairs: frozenset[tuple[str, str]]) -> frozenset[str]:
    return frozenset(f"{table}.{column}" for table, column in pairs)
