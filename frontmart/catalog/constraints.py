"""What the values of each column keep to, in the words of Frictionless: as schemas declare and headers say."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from frontmart.catalog.models import Model
from frontmart.catalog.units import bounds_of, unit_of

if TYPE_CHECKING:
    import dataframely as dy

Constraints = Mapping[str, Any]

# Headers say of a column when it is NULL; of one that never is they say nothing.
_MAY_BE_NULL: Final = re.compile(r"\bNULL\b")


def constraints_of_input(schema: "type[dy.Schema]") -> dict[str, Constraints]:
    """Of each column of an input table: required, unique, minimum, maximum, pattern and enum, where they are so."""
    return {name: _declared(column) for name, column in schema.columns().items()}


def constraints_of_model(model: Model) -> dict[str, Constraints]:
    """Of each column of a model: required, where its sentence does not say NULL, and what its unit allows."""
    return {
        name: {**({} if _MAY_BE_NULL.search(text) else {"required": True}), **bounds_of(unit_of(name))}
        for name, text in model.columns.items()
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
