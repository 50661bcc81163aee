"""The tables of the warehouse, with the properties that headers and schemas declare, their readers and checks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from frontmart.catalog import inputs
from frontmart.catalog.constraints import Constraints, constraints_of_input, constraints_of_model
from frontmart.catalog.features import ALL_FEATURES, Feature
from frontmart.catalog.headers import Reference
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import MACROS, SEARCH, is_view
from frontmart.catalog.models import Model, read_checks, read_functions, read_macros, read_models
from frontmart.catalog.trim import trim
from frontmart.catalog.units import unit_of
from frontmart.dictionary.column_types import column_types
from frontmart.warehouse.checks import key_checks
from frontmart.warehouse.macros import SCHEMA as MACRO_SCHEMA
from frontmart.warehouse.macros import signature
from transforms.tables import TABLES

GROUPS: Final = ("marts", "main", MACROS, "core", "history", "drift", "tidy", "staging", SEARCH)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its DuckDB type, unit (empty if it has none), meaning, and whether it may be NULL."""

    name: str
    type: str
    unit: str
    description: str
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A check that reads a table: its name, its severity, and the condition that it tests."""

    name: str
    severity: str
    description: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table, view or table macro of the warehouse.

    Attributes:
        group: its schema (tidy, staging, core, history, drift, marts, search or main), or macros for the macros in main.
        name: its name within the schema.
        description: its purpose.
        grain: the meaning of a row.
        key: its primary key.
        columns: its columns, in order.
        references: its foreign keys.
        reads: the tables that it reads, by full name.
        used_by: the models that read it, by full name.
        marts: the marts computed from it, directly or through others, by full name.
        checks: the checks that read it, including the one that its key implies.
        file: its Parquet file, relative to the snapshot; None if it has none.
        call: the call of a macro, with its parameters; None for tables and views.
        parameters: the parameters of a macro, each with its sentence.
        needs: the feature without which it has no rows; None if it needs none.
        column_needs: the feature without which a column is left out, for the columns that need one.
    """

    group: str
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
    call: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None
    column_needs: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        """The schema that it is in."""
        return MACRO_SCHEMA if self.group == MACROS else self.group

    @property
    def full_name(self) -> str:
        """Its name in queries, such as core.articles."""
        return f"{self.schema}.{self.name}"

    @property
    def kind(self) -> str:
        """Whether it is a table, a view or a macro."""
        return "macro" if self.group == MACROS else "view" if is_view(self.group, self.name) else "table"


def read_tables(
    sql_folder: Path, features: Collection[Feature] = ALL_FEATURES, added: Sequence[Model] = ()
) -> list[CatalogTable]:
    """Every table, view and macro of the warehouse, by group in the order of `GROUPS`.

    Within a group, tidy tables are in the order of their declaration, others by name.

    Args:
        sql_folder: the folder of the SQL.
        features: the features of the corpus; columns that need another are left out.
        added: the models that a warehouse has besides, see `warehouse.added_columns`.

    Raises ModelError for a malformed file under sql/.
    """
    whole = read_models(sql_folder)
    models = [*trim(whole, features), *added]
    macros = trim(read_macros(sql_folder, whole), features)
    types = column_types(models, macros, read_functions(sql_folder))
    checks = [*read_checks(sql_folder), *key_checks(models)]
    tables = [
        *(_of_model(model, types, models, checks) for model in sorted([*models, *macros], key=_name)),
        *(_of_input(name, types, models, checks) for name in INPUTS),
    ]
    return sorted(tables, key=lambda table: GROUPS.index(table.group))


def _of_model(
    model: Model, types: Mapping[str, Mapping[str, str]], models: Sequence[Model], checks: Iterable[Model]
) -> CatalogTable:
    return CatalogTable(
        group=model.layer,
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
        call=signature(model) if model.layer == MACROS else None,
        parameters={name: parameter.description for name, parameter in model.parameters.items()},
        needs=model.needs,
        column_needs={name: model.column_needs[name] for name in model.columns if name in model.column_needs},
    )


def _of_input(
    name: str, types: Mapping[str, Mapping[str, str]], models: Sequence[Model], checks: Iterable[Model]
) -> CatalogTable:
    schema, full_name = INPUTS[name], f"tidy.{name}"
    return CatalogTable(
        group="tidy",
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


def _name(model: Model) -> str:
    return model.name


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
    """The marts computed from a table. Each model comes after all that it reads."""
    made = {name}
    for model in models:
        if made & model.reads:
            made.add(model.full_name)
    return tuple(sorted(each for each in made if each.startswith("marts.") and each != name))


def _checks(name: str, checks: Iterable[Model]) -> tuple[Check, ...]:
    return tuple(
        Check(check.name, check.severity or "error", check.description) for check in checks if name in check.reads
    )
