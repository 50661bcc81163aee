"""Leave out what a corpus lacks: models without the columns that need a feature which no post has."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from frontmart.catalog.features import ALL_FEATURES, Feature, absence_notes
from frontmart.catalog.layers import MACROS, REPORT, VIEWS
from frontmart.catalog.models import Model
from frontmart.catalog.parse_tree import without_columns

# The layers whose columns people see. The others have the same columns for every corpus, so that one SQL reads them.
TRIMMED: Final = ("marts", "main", MACROS, REPORT)


def trim(models: Iterable[Model], features: Collection[Feature] | None) -> list[Model]:
    """Models without the columns that need an absent feature, and without rows if the whole model needs it.

    With all features, and with None for features that are not known, the models are those given.
    """
    if features is None or set(features) >= ALL_FEATURES:
        return list(models)
    return [_trim(model, features) if model.layer in TRIMMED else model for model in models]


def trim_notes(models: Iterable[Model], features: Collection[Feature]) -> list[str]:
    """Sentences that say what the corpus lacks, and which tables are empty for that."""
    needs = [(model.name, model.needs) for model in models if model.layer == "marts" and model.needs]
    return absence_notes(features, needs)


def _trim(model: Model, features: Collection[Feature]) -> Model:
    dropped = {name for name, need in model.column_needs.items() if need not in features}
    is_empty = model.needs is not None and model.needs not in features
    if not dropped and not is_empty:
        return model
    columns = {name: text for name, text in model.columns.items() if name not in dropped}
    return replace(
        model,
        sql=_sql(model, list(columns), dropped, is_empty=is_empty),
        description=f"{model.description} Empty here: no post has what it needs." if is_empty else model.description,
        columns=columns,
        nullable=model.nullable - dropped,
        column_needs={name: need for name, need in model.column_needs.items() if name not in dropped},
        references=tuple(each for each in model.references if not dropped.intersection(each.columns)),
    )


def _sql(model: Model, columns: Sequence[str], dropped: Collection[str], *, is_empty: bool) -> str:
    # A mart reads no table that lacks columns, so its query runs as it is, and DuckDB computes only what is selected.
    is_reader = model.layer in (MACROS, REPORT, *VIEWS)
    sql = without_columns(model.sql, dropped) if is_reader and dropped else model.sql
    if is_reader and not is_empty:
        return sql
    return f"select {', '.join(columns)} from ({sql}) as model{' where false' if is_empty else ''}"
