"""A semantic layer in Malloy: the tables of the star schema with their joins and measures, from the headers of the SQL.

Malloy computes each measure over the rows of its own table, whatever a query joins, so that a count of articles by
topic and provider counts no article twice. Every sentence, relation and measure is that of a header.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from frontmart.catalog.headers import Reference
from frontmart.catalog.measures import Measure
from frontmart.catalog.models import Model
from frontmart.catalog.units import unit_of
from frontmart.formats.data import ExportTable

_PREFIX: Final = "dim_"
_DOC: Final = "#(doc)"

Star = Sequence[tuple[ExportTable, Model]]


def malloy_model(star: Star) -> str:
    """The text of a Malloy model over the Parquet files beside it: a source per table of the star schema.

    Facts join their dimensions, facts before them, and the bridges that refer to them, which join their dimensions.
    Tables without a role in the star are left out.
    """
    by_role: dict[str, list[tuple[ExportTable, Model]]] = {"dimension": [], "bridge": [], "fact": []}
    for table, model in star:
        if model.role:
            by_role[model.role].append((table, model))
    defined: list[tuple[ExportTable, Model]] = []
    sources = []
    for table, model in [*_dimensions(by_role["dimension"]), *by_role["bridge"], *_facts(by_role["fact"])]:
        bridges = by_role["bridge"] if model.role == "fact" else []
        sources.append("\n".join(_source(table, model, defined, bridges)))
        defined.append((table, model))
    header = (
        "// The star schema and its measures, generated from the headers of Frontmart's SQL. Open it in this folder."
    )
    experimental = "##! experimental.access_modifiers"
    return "\n\n".join([f"{experimental}\n{header}", *sources]) + "\n"


def _dimensions(dimensions: Star) -> Star:
    """Dimensions, those that others refer to first."""
    return sorted(dimensions, key=lambda each: len(each[0].references))


def _facts(facts: Star) -> Star:
    """Facts, those whose key is a column of others first: articles have an event_id, and so come after events."""
    return sorted(facts, key=lambda each: sum(other.key[0] in each[0].schema.names for other, _ in facts))


def _source(table: ExportTable, model: Model, defined: Star, bridges: Star) -> Iterator[str]:
    """The lines of the source of one table."""
    yield _doc(f"{model.description} A row is {model.grain}")
    yield f"source: {_name(table)} is duckdb.table({json.dumps(f'{table.name}.parquet')}) include {{"
    for column, sentence in table.columns.items():
        yield f"  {_doc(sentence)}"
        yield from (f"  {tag}" for tag in _tags(column))
        yield f"  public: {_quote(column)}"
    yield "} extend {"
    if len(table.key) == 1:
        yield f"  primary_key: {table.key[0]}"
    keys = {other.full_name: other for other, _ in defined}
    for reference in table.references:
        other = keys.get(reference.table)
        if other:
            yield _join_one(reference, other)
    for bridge, _ in bridges:
        for reference in bridge.references:
            if reference.table == table.full_name:
                column = reference.columns[0]
                yield f"  join_many: {_name(bridge)} on {table.key[0]} = {_name(bridge)}.{column}"
    for measure in model.measures:
        yield ""
        yield f"  {_doc(f'{measure.sentence} {_addition(measure)}')}"
        yield from (f"  {tag}" for tag in _tags(measure.name))
        yield f"  measure: {measure.name} is {_expression(measure)}"
    yield "}"


def _join_one(reference: Reference, other: ExportTable) -> str:
    """A join to a dimension or fact, called as that is, or first_providers for first_provider_id."""
    column, key = reference.columns[0], other.key[0]
    name = f"{column.removesuffix(key)}{_name(other)}"
    return f"  join_one: {name} is {_name(other)} on {column} = {name}.{key}"


def _expression(measure: Measure) -> str:
    """The definition of a measure in Malloy, whose conditions are those of SQL."""
    if measure.aggregate == "quotient":
        return f"{measure.numerator} / {measure.denominator}"
    if measure.aggregate == "share_of_all":
        return f"{measure.numerator} / all({measure.denominator})"
    if measure.aggregate in ("min", "max"):
        aggregate = f"{measure.aggregate}({measure.column})"
    else:
        aggregate = f"count({measure.column or ''})"
    return f"{aggregate} {{ where: {measure.condition} }}" if measure.condition else aggregate


def _addition(measure: Measure) -> str:
    return "Additive over columns of this table." if measure.is_additive else "Not additive."


def _tags(name: str) -> list[str]:
    """How a value is shown: a share as percent, a count with separators of thousands."""
    unit = unit_of(name)
    if unit == "share, 0..1":
        return ["# percent"]
    return ['# number="#,##0"'] if unit == "count" else []


def _name(table: ExportTable) -> str:
    return table.name.removeprefix(_PREFIX)


def _quote(name: str) -> str:
    """A name that may be a word of Malloy, such as year."""
    return f"`{name}`"


def _doc(sentence: str) -> str:
    return f"{_DOC} {' '.join(sentence.split())}"
