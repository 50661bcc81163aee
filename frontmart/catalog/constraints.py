"""The constraints on the values of each column, in the terms of Frictionless, as schemas and headers declare them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from frontmart.catalog.models import Model
from frontmart.catalog.units import bounds_of, unit_of

if TYPE_CHECKING:
    import dataframely as dy

Constraints = Mapping[str, Any]


def constraints_of_input(schema: "type[dy.Schema]") -> dict[str, Constraints]:
    """The constraints of each column of an input table: required, unique, minimum, maximum, pattern and enum."""
    return {name: _declared(column) for name, column in schema.columns().items()}


def constraints_of_model(model: Model) -> dict[str, Constraints]:
    """The constraints of each column of a model: required unless it may be NULL, and the bounds of its unit."""
    return {
        name: {**({} if name in model.nullable else {"required": True}), **bounds_of(unit_of(name))}
        for name in model.columns
    }


def _declared(column: "dy.Column") -> Constraints:
    categories = getattr(column, "categories", None)
    found = {
        "required": None if column.nullable else True,
        "unique": getattr(column, "unique", None) or None,
        "minimum": getattr(column, "min", None),
        "maximum": getattr(column, "max", None),
        "pattern": getattr(column, "regex", None),
        "enum": list(categories) if categories is not None else None,
    }
    return {name: value for name, value in found.items() if value is not None}
