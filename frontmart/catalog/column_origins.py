"""Where each column comes from: the columns that its model reads, and those of the tidy tables far below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from frontmart.catalog.column_lineage import column_lineage, columns_read
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model


@dataclass(frozen=True, slots=True)
class Origin:
    """What a column is made from, as `schema.table.column`; nothing for a constant and a count of all rows.

    Attributes:
        read: columns of the tables that the model reads.
        tidy: columns of tidy tables, where the model is a mart.
    """

    read: frozenset[str]
    tidy: frozenset[str]


def column_origins(models: Sequence[Model]) -> dict[str, dict[str, Origin]]:
    """The origin of each column of each model, by full name and column; those that cannot be told are left out.

    Each model stands after all that it reads, as `read_models` has them.
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
    """Columns by the table that they are of, both in order: `tidy.documents` -> heat, quality."""
    found: dict[str, list[str]] = {}
    for column in sorted(columns):
        table, _, name = column.rpartition(".")
        found.setdefault(table, []).append(name)
    return found


def _dotted(pairs: frozenset[tuple[str, str]]) -> frozenset[str]:
    return frozenset(f"{table}.{column}" for table, column in pairs)
