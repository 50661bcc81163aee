"""The text output of `frontmart describe`: fitted to the terminal, or one line for each table or column in a pipe."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from frontmart.terminal.tables import print_line, show_rows

_FACTS: Final = {
    "grain": "grain",
    "call": "call",
    "parameters": "parameters",
    "key": "key",
    "rows": "rows",
    "file": "file",
    "made_from": "reads",
    "used_by": "read by",
    "marts": "marts downstream",
    "references": "refers to",
    "checks": "checks",
}


def show_questions(described: Mapping[str, Any]) -> None:
    """Print one line for each question with its query, and the way to all tables."""
    rows = [
        {"query": each["query"], "answers": f"{each['question']} {_first_sentence(each['description'])}"}
        for each in described["questions"]
    ]
    screen = Console(highlight=False)
    if screen.is_terminal:
        screen.print(_facts({str(row["query"]): str(row["answers"]) for row in rows}))
        screen.print()
    else:
        show_rows(rows)
    print_line(
        "`frontmart describe NAME` shows a view, macro, table or column; "
        f"`frontmart describe --all` lists all {len(described['tables'])}"
    )


def show_tables(described: Mapping[str, Any]) -> None:
    """Print one line for each table."""
    show_rows(
        [
            {"table": each["table"], "rows": each["rows"], "meaning": _first_sentence(each["description"])}
            for each in described["tables"]
        ]
    )


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."


def show_column(described: Mapping[str, Any]) -> None:
    """Print one line for each table with the column."""
    show_rows(
        [
            {"table": each["table"], "type": each["type"], "unit": each["unit"], "meaning": each["description"]}
            for each in described["tables"]
        ]
    )


def show_table(described: Mapping[str, Any]) -> None:
    """Print the properties of a table, one on a line, and then its columns."""
    screen = Console(highlight=False)
    screen.print(Text(f"{described['table']} ({described['kind']})", style="bold"), soft_wrap=True)
    screen.print(Text(described["description"]), soft_wrap=not screen.is_terminal)
    screen.print()
    facts = {label: _fact(name, described[name]) for name, label in _FACTS.items()}
    if described["grain"] == described["description"]:
        del facts[_FACTS["grain"]]
    facts = {label: text for label, text in facts.items() if text}
    if screen.is_terminal:
        screen.print(_facts(facts))
        screen.print()
        screen.print(_columns(described["columns"]))
    else:
        for label, text in facts.items():
            screen.print(Text(f"{label}: {text}"), soft_wrap=True)
        show_rows([_column(column) for column in described["columns"]])


def _facts(facts: Mapping[str, str]) -> Grid:
    grid = Grid(box=None, show_header=False, pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in facts.items():
        grid.add_row(label, Text(text))
    return grid


def _fact(name: str, value: Any) -> str:
    if name == "references":
        return "; ".join(f"{', '.join(each['columns'])} in {each['table']}" for each in value)
    if name == "parameters":
        return " ".join(f"{each}: {text}" for each, text in value.items())
    if name == "checks":
        return ", ".join(each["name"] for each in value)
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _column(column: Mapping[str, Any]) -> dict[str, object]:
    return {
        "column": column["name"],
        "type": column["type"],
        "unit": column["unit"],
        "null": "yes" if column["is_nullable"] else "no",
        "example": column["example"],
        "meaning": column["description"],
    }


def _columns(columns: list[Mapping[str, Any]]) -> Grid:
    """A grid with two cells for each column: name over type and unit, meaning over example."""
    grid = Grid(box=None, show_header=False, pad_edge=False)
    grid.add_column(overflow="fold", max_width=32)
    grid.add_column(overflow="fold")
    for column in columns:
        type_ = ", ".join(
            filter(None, [column["type"], column["unit"], "may be NULL" if column["is_nullable"] else ""])
        )
        grid.add_row(Text(column["name"], style="bold"), Text(column["description"]))
        example = Text(f"such as {column['example']}") if column["example"] is not None else Text("")
        grid.add_row(Text(f"  {type_}", style="dim"), example)
    return grid
