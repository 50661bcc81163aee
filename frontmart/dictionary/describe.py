"""The answers of `frontmart describe`: all tables, one table, or one column, with figures of the published snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

import duckdb

from frontmart.catalog.features import features_of_names
from frontmart.catalog.models import Model
from frontmart.dictionary.examples import examples
from frontmart.dictionary.questions import answerable
from frontmart.dictionary.summaries import Summarized
from frontmart.dictionary.tables import CatalogTable, Column
from frontmart.errors import FrontmartError, UsageError
from frontmart.snapshots.publication import find_published_id, published_path
from frontmart.snapshots.read import read_run
from frontmart.snapshots.store import Snapshot, published
from frontmart.warehouse.added_columns import added_models
from frontmart.warehouse.read_only import open_read_only
from frontmart.warehouse.statements import explain_error

Facts = dict[str, object]


class Described:
    """Descriptions of tables, with row counts, examples and files if the output folder has a published snapshot.

    Attributes:
        features: the features of the published snapshot; all of them if there is none.
    """

    def __init__(self, out: Path, snapshot: Snapshot | None = None) -> None:
        """Open a snapshot of an output folder: by default the published one, if there is one."""
        self._out = out
        self._snapshot = snapshot or (published(out) if find_published_id(out) else None)
        run = read_run(self._snapshot) if self._snapshot else {}
        self._rows: Mapping[str, int] = run.get("rows", {})
        self.features = features_of_names(run.get("features"))

    def added_models(self) -> list[Model]:
        """The models that the published snapshot has because of its mapping file; see `tables.read_tables`."""
        if not self._snapshot:
            return []
        with open_read_only(self._snapshot.warehouse) as con:
            return added_models(con)

    def all(self, tables: Sequence[Summarized]) -> Facts:
        """All tables: `{"tables": [{"table", "rows", "grain", "file", "description"}]}`."""
        return {"tables": [self._summary(table) for table in tables]}

    def common(self, tables: Sequence[Summarized]) -> Facts:
        """All tables as in `all`, and the questions: `{"questions": [{"question", "query", "table", "description"}]}`.

        Questions that the published snapshot cannot answer, such as those on topics without any, are left out.
        """
        questions = [
            {
                "question": question.text,
                "query": question.query,
                "table": table.full_name,
                "description": table.description,
            }
            for question, table in answerable(tables, self.features)
        ]
        return {"questions": questions, **self.all(tables)}

    def one(self, table: CatalogTable) -> Facts:
        """One table: its entry in `all` and the fields of `tables.CatalogTable`, each column with an example."""
        found = self._examples(table)
        columns = [{**asdict(column), "example": found.get(column.name)} for column in table.columns]
        return {
            **self._summary(table),
            "kind": table.kind,
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

    def column(self, places: Sequence[tuple[CatalogTable, Column]]) -> Facts:
        """A column of several tables: `{"column", "tables": [{"table", "type", "unit", "is_nullable", ...}]}`."""
        tables = []
        for table, column in places:
            described = asdict(column)
            del described["name"]
            tables.append({"table": table.full_name, **described})
        return {"column": places[0][1].name, "tables": tables}

    def _summary(self, table: Summarized) -> Facts:
        # A tidy table of the other preset has no file, and no rows in the record of the build.
        is_stored = self._snapshot and table.full_name in self._rows
        file = published_path(self._out) / table.file if table.file and is_stored else None
        return {
            "table": table.full_name,
            "rows": self._rows.get(table.full_name),
            "grain": table.grain,
            "file": str(file) if file else None,
            "description": table.description,
        }

    def _examples(self, table: CatalogTable) -> Mapping[str, str]:
        if not self._snapshot:
            return {}
        with open_read_only(self._snapshot.warehouse) as con:
            try:
                return examples(con, table)
            except duckdb.Error as error:
                reason = explain_error(error, "Run `frontmart build` or `frontmart rollback`.")
                raise FrontmartError(
                    f"{self._snapshot.warehouse}: {table.full_name} cannot be read: {reason}"
                ) from None


def find(name: str, tables: Sequence[CatalogTable]) -> CatalogTable | list[tuple[CatalogTable, Column]]:
    """The table with a name, or else every table with a column of that name, each with the column.

    Args:
        name: a table, such as `marts.topic_pairs` or `topic_pairs`, or a column, such as `cluster_id`; in any case.
        tables: the tables to search. The first match is taken.

    Raises:
        UsageError: for an unknown name, with the nearest known names.
    """
    wanted = name.strip().lower()
    for table in tables:
        if wanted in (table.full_name, table.name):
            return table
    found = [(table, column) for table in tables for column in table.columns if column.name == wanted]
    if not found:
        raise UsageError(f"{name!r} is not a table or a column; {_advice(wanted, tables)}")
    return found


def _advice(wanted: str, tables: Sequence[CatalogTable]) -> str:
    known = dict.fromkeys(table.full_name for table in tables)
    known |= dict.fromkeys(table.name for table in tables)
    known |= dict.fromkeys(column.name for table in tables for column in table.columns)
    near = get_close_matches(wanted, list(known), n=3)
    listing = "`frontmart describe --all` lists the tables"
    return f"did you mean {' or '.join(near)}? {listing}" if near else listing
