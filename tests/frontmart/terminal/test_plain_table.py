# ruff: noqa: RUF001  (full-width letters)
"""Tables without `rich` are those that `rich` draws, character by character."""

import random
from io import StringIO

import pytest
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from frontmart.terminal.plain_table import plain_fields, plain_table

TEXTS = [
    "",
    "a",
    "12",
    "a longer text",
    "日本語",
    "e\u0301",
    "👩‍🚒",
    "🇫🇷",
    " in the middle ",
    "[bold]x[/]",
    "ａｂ",
    "ไทย",
    "–",
]


def drawn(table: Table) -> str:
    file = StringIO()
    Console(highlight=False, width=100_000, file=file).print(table, soft_wrap=True)
    return file.getvalue()


@pytest.mark.parametrize("seed", range(30))
def test_a_table_is_as_rich_draws_it(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randrange(1, 6)
    names = [f"{chance.choice(TEXTS)}x" for _ in range(count)]
    rows = [[chance.choice(TEXTS) for _ in range(count)] for _ in range(chance.randrange(5))]
    are_numbers = [chance.random() < 0.3 for _ in range(count)]
    rows = [
        [text.strip() if is_number else text for text, is_number in zip(row, are_numbers, strict=True)] for row in rows
    ]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, is_number in zip(names, are_numbers, strict=True):
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    assert "".join(f"{line}\n" for line in plain_table(names, rows, are_numbers)) == drawn(table)


def test_fields_are_as_rich_draws_them() -> None:
    fields = [(f"name_{'x' * number}", text) for number, text in enumerate(TEXTS)]
    table = Table(box=None, show_header=False)
    for name, text in fields:
        table.add_row(name, Text(text))
    assert "".join(f"{line}\n" for line in plain_fields(fields)) == drawn(table)
    assert plain_fields([]) == []
