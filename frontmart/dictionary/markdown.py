"""The data dictionary as Markdown: what is there on top, marts first, and every table with a link to what it is of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from frontmart.catalog.column_origins import Origin, by_table
from frontmart.dictionary.tables import CatalogTable, Column
from frontmart.formats.markdown import markdown_table
from frontmart.warehouse.checks import KEY_CHECK

_CAPTIONS: Final = {
    "marts": "What analysts ask, ready to be read. Also as Parquet, in `marts/` of a snapshot.",
    "main": "What people type: views with names in place of ids, found without a prefix. In the warehouse only.",
    "macros": "Questions that take a word or a day, as in `from coverage('C#')`. In the warehouse only.",
    "core": "A star around the articles, for questions that no mart answers. In the warehouse only.",
    "tidy": "What the files say, one row an item, typed and otherwise as written, also as Parquet in `tables/` of a "
    "snapshot; and what a build knows itself, in the warehouse only.",
    "staging": "Views over the tidy tables, which the models above read. In the warehouse only.",
}
_Examples = Mapping[str, Mapping[str, str]]
_Origins = Mapping[str, Mapping[str, Origin]]


def dictionary(tables: Sequence[CatalogTable], examples: _Examples, origins: _Origins, *, picture: str) -> str:
    """The dictionary of all tables.

    Args:
        tables: the tables, in the order to list them in.
        examples: an example of each column that has one, by full name of its table.
        origins: what each column is made from, likewise.
        picture: where the picture of the models stands, relative to the dictionary.
    """
    groups = list(dict.fromkeys(table.group for table in tables))
    lines = [
        "# Data dictionary",
        "",
        "Every table and column of a snapshot. This page is made of the headers under `sql/` and of the declared "
        "schemas by `make docs`; change those, not this. Examples are of the sample corpus. `frontmart describe` says "
        "the same in a terminal, and the warehouse in its comments.",
        "",
        "Times are UTC, without a time zone in the type. A share is 0 to 1. A column may be NULL only where the table "
        "says yes.",
        *(line for group in groups for line in _contents(group, tables)),
        "",
        "## How the marts are made",
        "",
        f"![Tidy tables become staging views, these the core, and the core the marts]({picture})",
        "",
        "Below, each table says in words what it is made from.",
    ]
    for group in groups:
        lines += ["", f"## {group}", "", _CAPTIONS[group]]
        for table in tables:
            if table.group == group:
                of_table = origins.get(table.full_name, {})
                lines += ["", *_section(table, examples.get(table.full_name, {}), of_table)]
    return "\n".join([*lines, *_checks(tables)]) + "\n"


def _contents(group: str, tables: Iterable[CatalogTable]) -> list[str]:
    rows = [[_link(table.full_name), _sentence(table.grain)] for table in tables if table.group == group]
    return ["", f"**{group}**: {_CAPTIONS[group]}", "", *markdown_table(["table", "a row is"], rows)]


def _section(table: CatalogTable, examples: Mapping[str, str], origins: Mapping[str, Origin]) -> list[str]:
    facts = {
        "A row is": _sentence(table.grain) if table.grain != table.description else "",
        "Call": f"`{table.call}`" if table.call else "",
        **{f"`{name}`": text for name, text in table.parameters.items()},
        "Key": ", ".join(f"`{name}`" for name in table.key),
        "File": f"`{table.file}`" if table.file else "",
        "Refers to": "; ".join(
            f"{', '.join(f'`{name}`' for name in reference.columns)} in {_link(reference.table)}"
            for reference in table.references
        ),
        "Made from": _links(table.reads),
        "Read by": _links(table.used_by),
        "In the end, in": _links(table.marts) if set(table.marts) != set(table.used_by) else "",
        "Held by": ", ".join(f"`{check.name}`" for check in table.checks),
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


def _checks(tables: Iterable[CatalogTable]) -> list[str]:
    """What each check under sql/checks is about; those that keys imply are alike, and told in a sentence."""
    checks = {check.name: check for table in tables for check in table.checks}
    rows = [
        [f"`{name}`", checks[name].severity, checks[name].description]
        for name in sorted(checks)
        if not name.startswith(KEY_CHECK)
    ]
    return [
        *("", "## Checks", ""),
        "A finding of severity `error` keeps a snapshot from being published, one of `warn` is told. Besides these, a "
        f"check `{KEY_CHECK}<schema>_<table>` of severity `error` holds each key to be unique and nowhere NULL.",
        "",
        *markdown_table(["check", "severity", "what must hold"], rows),
    ]


def _row(column: Column, example: str | None) -> list[str]:
    null = "yes" if column.is_nullable else "no"
    return [f"`{column.name}`", column.type, column.unit, null, column.description, _code(example) if example else ""]


def _provenance(table: CatalogTable, origins: Mapping[str, Origin]) -> list[str]:
    """What each column is computed from, folded away: few readers want it, and it is long."""
    if not origins:
        return []
    is_mart = table.group == "marts"
    heads = ["column", "read from", "in the end, from"] if is_mart else ["column", "read from"]
    rows = []
    for name, origin in origins.items():
        ways = [origin.read, origin.tidy] if is_mart else [origin.read]
        rows.append([f"`{name}`", *(_columns(way) for way in ways)])
    return [
        "",
        "<details><summary>What each column is computed from</summary>",
        "",
        *markdown_table(heads, rows),
        "",
        "</details>",
    ]


def _columns(columns: frozenset[str]) -> str:
    parts = [f"{table}: {', '.join(names)}" for table, names in by_table(columns).items()]
    return "; ".join(parts) or "a constant, or a count of rows"


def _code(text: str) -> str:
    """Text as code, also where it holds backticks."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _links(names: Iterable[str]) -> str:
    return ", ".join(map(_link, names))


def _link(name: str) -> str:
    return f"[{name}](#{_anchor(name)})"


def _anchor(name: str) -> str:
    return name.replace(".", "-")


def _sentence(text: str) -> str:
    return text.rstrip(".")
