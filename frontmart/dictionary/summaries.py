"""The tables of the warehouse in short, for lists of them: without columns and their types, which need a database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from frontmart.catalog import inputs
from frontmart.catalog.features import Feature
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import MACROS, SEARCH
from frontmart.catalog.models import Model
from frontmart.catalog.trim import trimmed_description
from frontmart.shipped_sql import shipped_sql
from frontmart.warehouse.macros import SCHEMA as MACRO_SCHEMA
from transforms.tables import TABLES

GROUPS: Final = ("marts", "main", MACROS, "core", "history", "drift", "tidy", "staging", SEARCH)


class Summarized(Protocol):
    """What a list says of a table: of a `TableSummary` or a `tables.CatalogTable`."""

    @property
    def full_name(self) -> str:
        """Its name in queries, such as core.articles."""

    @property
    def description(self) -> str:
        """Its purpose."""

    @property
    def grain(self) -> str:
        """The meaning of a row."""

    @property
    def file(self) -> str | None:
        """Its Parquet file, relative to the snapshot; None if it has none."""


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A table, view or table macro of the warehouse in short; see `Summarized`."""

    full_name: str
    description: str
    grain: str
    file: str | None


def read_summaries(features: Collection[Feature], added: Sequence[Model] = ()) -> list[TableSummary]:
    """Every table, view and macro of the warehouse, in the order of `tables.read_tables`.

    Args:
        features: the features of the corpus.
        added: the models that a warehouse has besides, see `warehouse.added_columns`.

    Raises ModelError for a malformed file under sql/.
    """
    shipped = shipped_sql()
    models = sorted([*shipped.models, *shipped.macros, *added], key=lambda model: model.name)
    found = [
        *((model.layer, _of_model(model, features)) for model in models),
        *(("tidy", _of_input(name)) for name in INPUTS),
    ]
    return [summary for _, summary in sorted(found, key=lambda each: GROUPS.index(each[0]))]


def file_of_model(model: Model) -> str | None:
    """The Parquet file of a model, relative to the snapshot; None if it has none."""
    return f"marts/{model.name}.parquet" if model.layer == "marts" else None


def file_of_input(name: str) -> str | None:
    """The Parquet file of a tidy table, relative to the snapshot; None if it has none."""
    return f"tables/{name}.parquet" if name in TABLES else None


def _of_model(model: Model, features: Collection[Feature]) -> TableSummary:
    schema = MACRO_SCHEMA if model.layer == MACROS else model.layer
    description = trimmed_description(model, features)
    return TableSummary(f"{schema}.{model.name}", description, model.grain, file_of_model(model))


def _of_input(name: str) -> TableSummary:
    sentence = inputs.description(INPUTS[name])
    return TableSummary(f"tidy.{name}", sentence, sentence, file_of_input(name))
