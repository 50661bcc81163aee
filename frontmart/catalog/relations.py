"""The relations between tables that are given to people together: foreign keys, found in the headers of the SQL."""

from collections.abc import Collection, Mapping

from frontmart.catalog import inputs
from frontmart.catalog.headers import Reference
from frontmart.catalog.models import Model


def relations(tables: Collection[str], models: Mapping[str, Model]) -> dict[str, tuple[Reference, ...]]:
    """The foreign keys of each of these tables to others of them, by full name.

    A key of another mart which is itself the key of a dimension leads to the dimension, if that is among the tables:
    marts then hang on the same dimensions as facts, and a filter on a dimension filters them all.

    Args:
        tables: the full names of the tables, such as marts.topic_pairs.
        models: the models, by full name.
    """
    return {
        name: tuple(
            Reference(each.columns, target)
            for each in _references(name, models)
            if (target := _target(each, tables, models))
        )
        for name in tables
    }


def _references(name: str, models: Mapping[str, Model]) -> tuple[Reference, ...]:
    schema, _, table = name.partition(".")
    if schema == "tidy":
        return inputs.references(table)
    return models[name].references if name in models else ()


def _target(reference: Reference, tables: Collection[str], models: Mapping[str, Model]) -> str | None:
    """The last of the tables that a reference leads to, from one key to the next; None if it leads to none of them."""
    found, name, seen = None, reference.table, set[str]()
    while name not in seen:
        seen.add(name)
        found = name if name in tables else found
        key = models[name].key if name in models else ()
        name = next((each.table for each in _references(name, models) if each.columns == key), name)
    return found
