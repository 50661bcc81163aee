"""The text formats of `query`, value by value."""

import datetime as dt
import json
from io import BytesIO

from frontmart.formats import FORMATS, Form
from frontmart.formats.data import SPREADSHEET_CSV, UNIX_CSV, QueryResult, WriteOptions

ROWS = [
    [None, "", True, 1.25, dt.datetime(2026, 1, 31, 8, 30), ["a", None]],
    [7, 'two\nlines, "quoted"', False, 1234.56, dt.datetime(2026, 1, 31), []],
]


def result(*rows: list[object]) -> QueryResult:
    columns = ("n", "text", "is_it", "share", "seen_at", "list")
    types = ("BIGINT", "VARCHAR", "BOOLEAN", "DOUBLE", "TIMESTAMP", "VARCHAR[]")
    return QueryResult(columns, types, iter(rows))


def written(name: str, result: QueryResult, options: WriteOptions | None = None) -> tuple[str, list[str]]:
    """A result in a format, and the notes of its writer."""
    file = BytesIO()
    notes = FORMATS[name].writer(Form.ROWS)(result, file, options or WriteOptions())
    return file.getvalue().decode(), notes


def test_csv_distinguishes_null_from_an_empty_text() -> None:
    assert written("csv", result(*ROWS)) == (
        "n,text,is_it,share,seen_at,list\n"
        ',"",true,1.25,2026-01-31 08:30:00,"[""a"", null]"\n'
        '7,"two\nlines, ""quoted""",false,1234.56,2026-01-31 00:00:00,[]\n',
        [],
    )


def test_csv_of_no_rows_and_of_more_than_a_batch_is_whole() -> None:
    assert written("csv", result()) == ("n,text,is_it,share,seen_at,list\n", [])
    many = QueryResult(("n", "t"), ("BIGINT", "VARCHAR"), iter([n, f"a{n}"] for n in range(25_000)))
    text, _ = written("csv", many)
    assert text.splitlines() == ["n,t", *(f"{n},a{n}" for n in range(25_000))]


def test_csv_for_spreadsheets_marks_texts_that_would_be_computed_and_no_numbers() -> None:
    texts = ["=1", "+1", "-1", "@a", "\t=1", "＝1", "'=1", "a=1", "'a", "a;=1"]  # noqa: RUF001 (the full-width sign is meant)

    def formulas() -> QueryResult:
        return QueryResult(("=x", "y"), ("VARCHAR", "BIGINT"), iter([text, -1] for text in texts))

    safe, no_notes = written("csv", formulas(), WriteOptions(csv=SPREADSHEET_CSV))
    lines = safe.split("\r\n")
    assert lines[0] == "\ufeff'=x,y"
    marked = ["'=1", "'+1", "'-1", "'@a", "'\t'=1", "'＝1", "''=1", "a=1", "'a", "a;'=1"]  # noqa: RUF001
    assert [line.removesuffix(",-1") for line in lines[1:-1]] == marked
    exact, notes = written("csv", formulas(), WriteOptions(csv=UNIX_CSV))
    assert exact == "=x,y\n" + "".join(f"{text},-1\n" for text in texts)
    assert (no_notes, notes) == (
        [], ["8 texts begin like a formula; --spreadsheet keeps a spreadsheet from computing it"]
    )  # fmt: skip


def test_json_is_an_array_and_json_lines_are_objects() -> None:
    whole = json.loads(written("json", result(*ROWS))[0])
    lines = [json.loads(line) for line in written("jsonl", result(*ROWS))[0].splitlines()]
    assert whole == lines
    assert whole[0] == {
        "n": None, "text": "", "is_it": True, "share": 1.25, "seen_at": "2026-01-31 08:30:00", "list": ["a", None]
    }  # fmt: skip
    assert json.loads(written("json", result())[0]) == []


def test_text_in_markdown_is_neither_markup_nor_a_second_cell() -> None:
    row: list[object] = [1, "[a](b) | *c* <i>\n_d_ e_f https://example.org", None, 0.123456, None, None]
    assert written("markdown", result(row))[0] == (
        "| n | text | is_it | share | seen_at | list |\n"
        "| ---: | --- | --- | ---: | --- | --- |\n"
        "| 1 | \\[a\\](b) \\| \\*c\\* \\<i\\> \\_d\\_ e_f https://example.org |  | 0.1235 |  |  |\n"
    )
