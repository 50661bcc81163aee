"""The tables of the warehouse, each with all that its header or schema says of it, and what depends on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flows import inputs
from flows.checks import key_checks
from flows.constraints import Constraints, constraints_of_input, constraints_of_model
from flows.dictionary.types import column_types
from flows.dictionary.units import unit_of
from flows.inputs import INPUTS
from flows.models import Model, read_checks, read_models
from flows.references import Reference
from transforms.tables import TABLES

SCHEMAS: Final = ("marts", "core", "tidy", "staging")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its DuckDB type, its unit (empty where it has none), what it means, and whether it may be NULL."""

    name: str
    type: str
    unit: str
    description: str
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A check that holds a table: its name, how bad a finding is, and what must hold."""

    name: str
    severity: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of the warehouse.

    Attributes:
        schema: tidy, staging, core or marts.
        name: its name within the schema.
        description: what it is for.
        grain: what a row is.
        key: the columns that tell one row from another.
        columns: its columns, in order.
        references: the tables whose keys it holds.
        reads: the tables that it is made from, by full name.
        used_by: the models that read it, by full name.
        marts: the marts that are made of it, also by way of others, by full name.
        checks: the checks that read it, and the one that its key implies.
        file: its Parquet file, relative to the snapshot; None where it has none.
    """

    schema: str
    name: str
    description: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]
    reads: tuple[str, ...]
    used_by: tuple[str, ...]
    marts: tuple[str, ...]
    checks: tuple[Check, ...]
    file: str | None

    @property
    def full_name(self) -> str:
        """How queries call it, such as core.articles."""
        return f"{self.schema}.{self.name}"

    @property
    def kind(self) -> str:
        """Whether it is a table or a view."""
        return "view" if self.schema == "staging" else "table"


def read_tables(sql_folder: Path) -> list[Table]:
    """Every table of the warehouse: marts, core, tidy, staging; tidy tables in their own order, the others by name.

    Raises ModelError for a file under sql/ that is malformed.
    """
    models = read_models(sql_folder)
    types = column_types(models)
    checks = [*read_checks(sql_folder), *key_checks(models)]
    tables = [
        *(_of_model(model, types, models, checks) for model in sorted(models, key=lambda model: model.name)),
        *(_of_input(name, types, models, checks) for name in INPUTS),
    ]
    return sorted(tables, key=lambda table: SCHEMAS.index(table.schema))


def _of_model(
    model: Model, types: Mapping[str, Mapping[str, str]], models: Sequence[Model], checks: Iterable[Model]
) -> Table:
    return Table(
        schema=model.layer,
        name=model.name,
        description=model.description,
        grain=model.grain,
        key=model.key,
        columns=_columns(model.columns, types[model.full_name], constraints_of_model(model)),
        references=model.references,
        reads=tuple(sorted(model.reads)),
        used_by=_readers(model.full_name, models),
        marts=_marts(model.full_name, models),
        checks=_checks(model.full_name, checks),
        file=f"marts/{model.name}.parquet" if model.layer == "marts" else None,
    )


def _of_input(
    name: str, types: Mapping[str, Mapping[str, str]], models: Sequence[Model], checks: Iterable[Model]
) -> Table:
    schema, full_name = INPUTS[name], f"tidy.{name}"
    return Table(
        schema="tidy",
        name=name,
        description=inputs.description(schema),
        grain=inputs.description(schema),
        key=inputs.key(schema),
        columns=_columns(inputs.column_descriptions(schema), types[full_name], constraints_of_input(schema)),
        references=inputs.references(name),
        reads=(),
        used_by=_readers(full_name, models),
        marts=_marts(full_name, models),
        checks=_checks(full_name, checks),
        file=f"tables/{name}.parquet" if name in TABLES else None,
    )


def _columns(
    descriptions: Mapping[str, str], types: Mapping[str, str], constraints: Mapping[str, Constraints]
) -> tuple[Column, ...]:
    return tuple(
        Column(name, types[name], unit_of(name), text, is_nullable="required" not in constraints[name])
        for name, text in descriptions.items()
    )


def _readers(name: str, models: Iterable[Model]) -> tuple[str, ...]:
    return tuple(sorted(model.full_name for model in models if name in model.reads))


def _marts(name: str, models: Iterable[Model]) -> tuple[str, ...]:
    """The marts that are made of a table; each model stands after all that it reads."""
    made = {name}
    for model in models:
        if made & model.reads:
            made.add(model.full_name)
    return tuple(sorted(each for each in made if each.startswith("marts.") and each != name))


def _checks(name: str, checks: Iterable[Model]) -> tuple[Check, ...]:
    return tuple(
        Check(check.name, check.severity or "error", check.description) for check in checks if name in check.reads
    )
