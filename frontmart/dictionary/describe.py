"""What `frontmart describe` tells: the tables, one of them, or a column, with figures of what is published."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb

from frontmart.dictionary.examples import examples
from frontmart.dictionary.tables import Column, Table
from frontmart.errors import FrontmartError
from frontmart.snapshots.store import PUBLISHED, Snapshot, published
from frontmart.warehouse.read_only import open_read_only, read_run
from frontmart.warehouse.statements import explained

Facts = dict[str, object]


class Described:
    """Tables as an output folder has them: rows, examples and files where a snapshot is published there."""

    def __init__(self, out: Path) -> None:
        """Look at what is published in a folder; nothing may be."""
        self._out = out
        self._snapshot: Snapshot | None = published(out) if (out / PUBLISHED).is_symlink() else None
        self._rows: Mapping[str, int] = self._read_rows()

    def all(self, tables: Sequence[Table]) -> Facts:
        """A list of the tables: `{"tables": [{"table", "rows", "grain", "file"}]}`."""
        return {"tables": [self._summary(table) for table in tables]}

    def one(self, table: Table) -> Facts:
        """All about a table: what `all` says of it, and the fields of `tables.Table`; each column with an example."""
        found = self._examples(table)
        columns = [{**asdict(column), "example": found.get(column.name)} for column in table.columns]
        return {
            **self._summary(table),
            "kind": table.kind,
            "description": table.description,
            "call": table.call,
            "parameters": dict(table.parameters),
            "key": list(table.key),
            "references": [asdict(reference) for reference in table.references],
            "made_from": list(table.reads),
            "used_by": list(table.used_by),
            "marts": list(table.marts),
            "checks": [asdict(check) for check in table.checks],
            "columns": columns,
        }

    def column(self, places: Sequence[tuple[Table, Column]]) -> Facts:
        """A column of several tables: `{"column", "tables": [{"table", "type", "unit", "is_nullable", ...}]}`."""
        tables = []
        for table, column in places:
            described = asdict(column)
            del described["name"]
            tables.append({"table": table.full_name, **described})
        return {"column": places[0][1].name, "tables": tables}

    def _summary(self, table: Table) -> Facts:
        file = self._out / PUBLISHED / table.file if table.file and self._snapshot else None
        return {
            "table": table.full_name,
            "rows": self._rows.get(table.full_name),
            "grain": table.grain,
            "file": str(file) if file else None,
        }

    def _examples(self, table: Table) -> Mapping[str, str]:
        if not self._snapshot:
            return {}
        with open_read_only(self._snapshot.warehouse) as con:
            try:
                return examples(con, table)
            except duckdb.Error as error:
                reason = explained(error, "Run `frontmart rollback` or `frontmart build --full`.")
                raise FrontmartError(
                    f"{self._snapshot.warehouse}: {table.full_name} cannot be read: {reason}"
                ) from None

    def _read_rows(self) -> Mapping[str, int]:
        return read_run(self._snapshot)["rows"] if self._snapshot else {}
