"""The data dictionary as Markdown: an index of all tables, marts first, and a section for each of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from frontmart.catalog.column_origins import Origin, by_table
from frontmart.catalog.models import Model
from frontmart.dictionary.tables import CatalogTable, Column
from frontmart.formats.markdown import markdown_table
from frontmart.warehouse.checks import KEY_CHECK
from frontmart.warehouse.macros import signature

_CAPTIONS: Final = {
    "marts": "Tables for analysts. In the warehouse, and as Parquet in `marts/` of a snapshot.",
    "main": "Views for everyday use: names in place of ids, and no prefix needed. In the warehouse only.",
    "macros": "Table macros: queries with parameters, as in `from coverage('C#')`. In the warehouse only.",
    "core": "A star schema around the articles, for questions that no mart answers. In the warehouse only.",
    "history": "Versions of the documents, and their changes from step to step: empty without a past. In the "
    "warehouse only.",
    "drift": "Profiles of the files, and their changes since the previous snapshot. In the warehouse only.",
    "tidy": "The content of the files, typed and otherwise as written, one item a row; also as Parquet in `tables/` of "
    "a snapshot. The tables about the build itself are in the warehouse only.",
    "staging": "Views that clean the tidy tables for the models above. In the warehouse only.",
    "search": "The index of the macro `search`: empty without the setting `search`. In the warehouse only.",
}
_Examples = Mapping[str, Mapping[str, str]]
_Origins = Mapping[str, Mapping[str, Origin]]


def dictionary(
    tables: Sequence[CatalogTable],
    examples: _Examples,
    origins: _Origins,
    functions: Sequence[Model],
    *,
    picture: str,
) -> str:
    """The dictionary of all tables.

    Args:
        tables: the tables, in the order of the listing.
        examples: the examples of columns, by full name of their table and by column.
        origins: the origins of columns, by full name of their table and by column.
        functions: the functions that the models call.
        picture: path of the lineage picture, relative to the dictionary.
    """
    groups = list(dict.fromkeys(table.group for table in tables))
    lines = [
        "# Data dictionary",
        "",
        "All tables and columns of a snapshot. `make docs` generates this page from the headers under `sql/` and the "
        "declared schemas; change those, not this page. Examples are from the sample corpus. `frontmart describe` "
        "shows the same in a terminal, and so do the comments in the warehouse.",
        "",
        "Times are UTC, without a time zone in the type. A share is from 0 to 1. A column may be NULL only if its row "
        "says yes. With the preset `generic`, the columns are left out that need what no post has: see `Only with`.",
        *(line for group in groups for line in _contents(group, tables)),
        "",
        "## Lineage",
        "",
        f"![Lineage from the tidy tables through staging, core and drift to the marts]({picture})",
        "",
        "Each section below lists the tables that its table reads.",
    ]
    for group in groups:
        lines += ["", f"## {group}", "", _CAPTIONS[group]]
        for table in tables:
            if table.group == group:
                of_table = origins.get(table.full_name, {})
                lines += ["", *_section(table, examples.get(table.full_name, {}), of_table)]
    return "\n".join([*lines, *_checks(tables), *_functions(functions)]) + "\n"


def _contents(group: str, tables: Iterable[CatalogTable]) -> list[str]:
    rows = [[_link(table.full_name), _sentence(table.grain)] for table in tables if table.group == group]
    return ["", f"**{group}**: {_CAPTIONS[group]}", "", *markdown_table(["table", "grain"], rows)]


def _section(table: CatalogTable, examples: Mapping[str, str], origins: Mapping[str, Origin]) -> list[str]:
    facts = {
        "Grain": _sentence(table.grain) if table.grain != table.description else "",
        "Call": f"`{table.call}`" if table.call else "",
        **{f"`{name}`": text for name, text in table.parameters.items()},
        "Key": ", ".join(f"`{name}`" for name in table.key),
        "File": f"`{table.file}`" if table.file else "",
        "References": "; ".join(
            f"{', '.join(f'`{name}`' for name in reference.columns)} in {_link(reference.table)}"
            for reference in table.references
        ),
        "Reads": _links(table.reads),
        "Read by": _links(table.used_by),
        "Marts downstream": _links(table.marts) if set(table.marts) != set(table.used_by) else "",
        "Checks": ", ".join(f"`{check.name}`" for check in table.checks),
        "Empty without": table.needs or "",
        **{f"Only with {feature}": columns for feature, columns in _columns_by_need(table).items()},
    }
    return [
        f'### <a id="{_anchor(table.full_name)}"></a>{table.full_name}',
        "",
        table.description,
        "",
        *(f"- {name}: {text}" for name, text in facts.items() if text),
        "",
        *markdown_table(
            ["column", "type", "unit", "NULL", "meaning", "example"],
            [_row(column, examples.get(column.name)) for column in table.columns],
        ),
        *_provenance(table, origins),
    ]


def _columns_by_need(table: CatalogTable) -> dict[str, str]:
    """The columns that are left out without a feature, as text, by the feature."""
    columns: dict[str, list[str]] = {}
    for name, feature in table.column_needs.items():
        columns.setdefault(feature.replace("_", " "), []).append(f"`{name}`")
    return {feature: ", ".join(names) for feature, names in columns.items()}


def _checks(tables: Iterable[CatalogTable]) -> list[str]:
    """The checks under sql/checks; those that keys imply are alike, and described in one sentence."""
    checks = {check.name: check for table in tables for check in table.checks}
    rows = [
        [f"`{name}`", checks[name].severity, checks[name].description]
        for name in sorted(checks)
        if not name.startswith(KEY_CHECK)
    ]
    return [
        *("", "## Checks", ""),
        "A failed check of severity `error` blocks publishing; one of severity `warn` is reported. Besides these, a "
        f"check `{KEY_CHECK}<schema>_<table>` of severity `error` tests that each key is unique and never NULL.",
        "",
        *markdown_table(["check", "severity", "condition"], rows),
    ]


def _functions(functions: Sequence[Model]) -> list[str]:
    rows = [[f"`{signature(function)}`", function.description] for function in functions]
    # Definitions have several lines and comments, which no cell of a table can hold.
    definitions = [line for each in functions for line in ("", f"-- {signature(each)}", *each.sql.splitlines())]
    return [
        *("", "## Functions", ""),
        "Scalar functions that the models call, also in the warehouse.",
        "",
        *markdown_table(["call", "meaning"], rows),
        "",
        *("```sql", *definitions[1:], "```"),
    ]


def _row(column: Column, example: str | None) -> list[str]:
    null = "yes" if column.is_nullable else "no"
    return [f"`{column.name}`", column.type, column.unit, null, column.description, _code(example) if example else ""]


def _provenance(table: CatalogTable, origins: Mapping[str, Origin]) -> list[str]:
    """The origins of the columns, folded, because few readers want them and they are long."""
    if not origins:
        return []
    is_mart = table.group == "marts"
    heads = ["column", "read from", "tidy columns"] if is_mart else ["column", "read from"]
    rows = []
    for name, origin in origins.items():
        ways = [origin.read, origin.tidy] if is_mart else [origin.read]
        rows.append([f"`{name}`", *(_columns(way) for way in ways)])
    return [
        "",
        "<details><summary>Column lineage</summary>",
        "",
        *markdown_table(heads, rows),
        "",
        "</details>",
    ]


def _columns(columns: frozenset[str]) -> str:
    parts = [f"{table}: {', '.join(names)}" for table, names in by_table(columns).items()]
    return "; ".join(parts) or "a constant, or a count of rows"


def _code(text: str) -> str:
    """Text as code, backticks in it included."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _links(names: Iterable[str]) -> str:
    return ", ".join(map(_link, names))


def _link(name: str) -> str:
    return f"[{name}](#{_anchor(name)})"


def _anchor(name: str) -> str:
    return name.replace(".", "-")


def _sentence(text: str) -> str:
    return text.rstrip(".")
