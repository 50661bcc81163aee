"""Answers as text, value by value."""

import datetime as dt
import json

from frontmart.query.formats import as_csv, as_json, as_json_lines, as_markdown, as_spreadsheet_csv, is_formula
from frontmart.query.result import QueryResult

ROWS = [
    [None, "", True, 1.25, dt.datetime(2026, 1, 31, 8, 30), ["a", None]],
    [7, 'two\nlines, "quoted"', False, 1234.56, dt.datetime(2026, 1, 31), []],
]


def answer(*rows: list[object]) -> QueryResult:
    columns = ("n", "text", "is_it", "share", "seen_at", "list")
    types = ("BIGINT", "VARCHAR", "BOOLEAN", "DOUBLE", "TIMESTAMP", "VARCHAR[]")
    return QueryResult(columns, types, iter(rows))


def test_csv_tells_null_from_an_empty_text() -> None:
    assert "".join(as_csv(answer(*ROWS))) == (
        "n,text,is_it,share,seen_at,list\n"
        ',"",true,1.25,2026-01-31 08:30:00,"[""a"", null]"\n'
        '7,"two\nlines, ""quoted""",false,1234.56,2026-01-31 00:00:00,[]\n'
    )


def test_csv_for_spreadsheets_marks_texts_that_would_be_computed_and_no_numbers() -> None:
    texts = ["=1", "+1", "-1", "@a", "\t=1", "＝1", "'=1", "a=1", "'a"]  # noqa: RUF001 (the wide form is meant)
    lines = list(
        as_spreadsheet_csv(QueryResult(("=x", "y"), ("VARCHAR", "BIGINT"), iter([text, -1] for text in texts)))
    )
    assert lines[0] == "\ufeff'=x,y\r\n"
    marked = [f"'{text}" for text in texts[:7]] + texts[7:]
    assert [line.removesuffix(",-1\r\n").strip('"') for line in lines[1:]] == marked
    assert [is_formula(value) for value in (-1, "-1", "1", None)] == [False, True, False, False]


def test_json_is_an_array_and_json_lines_are_objects() -> None:
    whole = json.loads("".join(as_json(answer(*ROWS))))
    lines = [json.loads(line) for line in "".join(as_json_lines(answer(*ROWS))).splitlines()]
    assert whole == lines
    assert whole[0] == {
        "n": None, "text": "", "is_it": True, "share": 1.25, "seen_at": "2026-01-31 08:30:00", "list": ["a", None]
    }  # fmt: skip
    assert json.loads("".join(as_json(answer()))) == []


def test_text_in_markdown_is_neither_markup_nor_a_second_cell() -> None:
    row: list[object] = [1, "[a](b) | *c* <i>\n_d_ e_f", None, 0.123456, None, None]
    assert "".join(as_markdown(answer(row))) == (
        "| n | text | is_it | share | seen_at | list |\n"
        "| ---: | --- | --- | ---: | --- | --- |\n"
        "| 1 | \\[a\\](b) \\| \\*c\\* \\<i\\> \\_d\\_ e_f |  | 0.1235 |  |  |\n"
    )
