"""The constraints on the values of each column, in the terms of Frictionless, as schemas and headers declare them."""

from collections.abc import Mapping
from typing import Any

from frontmart.catalog.models import Model
from frontmart.catalog.units import bounds_of, unit_of
from transforms.schema import Column, Schema

Constraints = Mapping[str, Any]


def constraints_of_input(schema: type[Schema]) -> dict[str, Constraints]:
    """The constraints of each column of an input table: required, unique, minimum, pattern and enum."""
    return {name: _declared(column) for name, column in schema.columns().items()}


def constraints_of_model(model: Model) -> dict[str, Constraints]:
    """The constraints of each column of a model: required unless it may be NULL, and the bounds of its unit."""
    return {
        name: {**({} if name in model.nullable else {"required": True}), **bounds_of(unit_of(name))}
        for name in model.columns
    }


def _declared(column: Column) -> Constraints:
    found = {
        "required": None if column.nullable else True,
        "unique": column.unique or None,
        "minimum": column.min,
        "pattern": column.regex,
        "enum": None if column.categories is None else list(column.categories),
    }
    return {name: value for name, value in found.items() if value is not None}
