"""Leave out what a corpus lacks: models without the columns that need a feature which no post has."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from frontmart.catalog.features import ALL_FEATURES, Feature, absence_notes
from frontmart.catalog.layers import INDEXED, MACROS, REPORT
from frontmart.catalog.models import Model
from frontmart.catalog.parse_tree import without_columns

# The layers whose queries read tables that lack columns, so that none may name one. A mart reads no such table: its
# query runs as it is, and DuckDB computes only what is selected.
_READERS: Final = ("main", MACROS, INDEXED, REPORT)
# The layers whose columns people see. The others have the same columns for every corpus, so that one SQL reads them.
TRIMMED: Final = ("marts", *_READERS)


def trim(models: Iterable[Model], features: Collection[Feature] | None) -> list[Model]:
    """Models without the columns that need an absent feature, and without rows if the whole model needs it.

    With all features, and with None for features that are not known, the models are those given.
    """
    if features is None or set(features) >= ALL_FEATURES:
        return list(models)
    models = list(models)
    dropped = {model.full_name: _dropped(model, features) for model in models if model.layer in TRIMMED}
    readers = [model for model in models if model.layer in _READERS and dropped[model.full_name]]
    shorter = without_columns(tuple((model.sql, dropped[model.full_name]) for model in readers))
    queries = dict(zip((model.full_name for model in readers), shorter, strict=True))
    return [
        _trim(model, features, dropped[model.full_name], queries.get(model.full_name, model.sql))
        if model.layer in TRIMMED
        else model
        for model in models
    ]


def trimmed_description(model: Model, features: Collection[Feature]) -> str:
    """The description that `trim` gives a model, without its query, which takes longer."""
    return (
        f"{model.description} Empty here: no post has what it needs."
        if _is_empty(model, features)
        else (model.description)
    )


def trim_notes(models: Iterable[Model], features: Collection[Feature]) -> list[str]:
    """Sentences that say what the corpus lacks, and which tables are empty for that."""
    needs = [(model.name, model.needs) for model in models if model.layer == "marts" and model.needs]
    return absence_notes(features, needs)


def _is_empty(model: Model, features: Collection[Feature]) -> bool:
    return model.layer in TRIMMED and model.needs is not None and model.needs not in features


def _dropped(model: Model, features: Collection[Feature]) -> frozenset[str]:
    return frozenset(name for name, need in model.column_needs.items() if need not in features)


def _trim(model: Model, features: Collection[Feature], dropped: Collection[str], sql: str) -> Model:
    is_empty = _is_empty(model, features)
    if not dropped and not is_empty:
        return model
    columns = {name: text for name, text in model.columns.items() if name not in dropped}
    return replace(
        model,
        sql=_select(model, sql, list(columns), is_empty=is_empty),
        description=trimmed_description(model, features),
        columns=columns,
        nullable=model.nullable.difference(dropped),
        column_needs={name: need for name, need in model.column_needs.items() if name not in dropped},
        references=tuple(each for each in model.references if not set(dropped).intersection(each.columns)),
        order=tuple(each for each in model.order if each.column not in dropped),
    )


def _select(model: Model, sql: str, columns: Sequence[str], *, is_empty: bool) -> str:
    if model.layer in _READERS and not is_empty:
        return sql
    return f"select {', '.join(columns)} from ({sql}) as model{' where false' if is_empty else ''}"
