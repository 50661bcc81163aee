"""`frontmart describe` in a real process: tables, one table, a column, and names that are not there."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from frontmart.catalog import models as models_module
from frontmart.catalog.features import ALL_FEATURES, Feature
from frontmart.catalog.sql_folder import SQL
from frontmart.cli.__main__ import app
from frontmart.dictionary import tables as tables_module
from frontmart.dictionary.describe import find
from frontmart.dictionary.questions import QUESTIONS, Question, answerable
from frontmart.dictionary.summaries import TableSummary, read_summaries
from frontmart.dictionary.tables import CatalogTable, read_tables
from frontmart.errors import UsageError
from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql
from tests.forked import frontmart

TABLES = {table.full_name: table for table in read_tables(SQL)}


def described(*arguments: object) -> dict[str, object]:
    done = frontmart("describe", *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_all_lists_all_tables_with_rows_and_files(sample: Run) -> None:
    tables = {each["table"]: each for each in described("--all", "--out", sample.out)["tables"]}
    assert list(tables) == list(TABLES)
    rows = sample.table_rows | sample.model_rows
    assert {name: each["rows"] for name, each in tables.items() if each["rows"] is not None} == rows
    assert tables["marts.topic_pairs"]["file"] == f"{sample.out}/published/marts/topic_pairs.parquet"
    assert {Path(each["file"]).is_file() for each in tables.values() if each["file"]} == {True}
    assert {name: each["description"] for name, each in tables.items()} == {
        name: table.description for name, table in TABLES.items()
    }
    lines = frontmart("describe", "--all", "--out", sample.out).stdout.splitlines()
    assert [line.split()[0] for line in lines if line.strip().partition(".")[2]] == list(TABLES)
    (macro,) = (line for line in lines if line.strip().startswith("main.articles_about "))
    assert macro.rstrip().endswith("The articles with a topic, latest first.")


@pytest.mark.parametrize("features", [ALL_FEATURES, frozenset({Feature.TOPICS}), frozenset()])
def test_summaries_are_those_of_the_tables_without_their_columns(features: frozenset[Feature]) -> None:
    assert read_summaries(features) == [
        TableSummary(table.full_name, table.description, table.grain, table.file)
        for table in read_tables(SQL, features)
    ]


def test_a_list_needs_neither_the_types_of_columns_nor_the_parse_of_the_sql(
    sample: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped_sql()
    monkeypatch.setattr(tables_module, "read_tables", None)
    monkeypatch.setattr(models_module, "parse", None)
    for arguments in ([], ["--all"]):
        done = CliRunner().invoke(app, ["describe", *arguments, "--out", str(sample.out)])
        assert (done.exit_code, done.stderr) == (0, "")


def test_without_a_name_it_lists_questions_with_their_queries_and_all_tables_in_json(sample: Run) -> None:
    found = described("--out", sample.out)
    assert found["tables"] == described("--all", "--out", sample.out)["tables"]
    assert found["questions"] == [
        {
            "question": question.text,
            "query": question.query,
            "table": question.table,
            "description": TABLES[question.table].description,
        }
        for question in QUESTIONS
    ]
    *lines, last = frontmart("describe", "--out", sample.out).stdout.splitlines()
    (line,) = (line for line in lines if line.strip().startswith("from since('DAY') "))
    assert line.rstrip().split("  ")[-1].strip() == (
        "What was published since a day? The articles published since a day, of all kinds, latest first."
    )
    assert last == (
        f"`frontmart describe NAME` shows a view, macro, table or column; `frontmart describe --all` lists all "
        f"{len(TABLES)}"
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_the_query_of_a_question_runs(question: Question, warehouse: duckdb.DuckDBPyConnection) -> None:
    query = question.query
    values = {
        "DAY": "2022-01-01",
        "WORDS OF A TITLE": "parking",
        "WORDS": "tower",
        "TOPIC": "c#",
        "NAME": "Kerbside School",
    }
    for placeholder, value in values.items():
        query = query.replace(f"'{placeholder}'", f"'{value}'")
    assert query.removeprefix("from ").partition("(")[0] == question.table.partition(".")[2]
    cursor = warehouse.execute(query)
    assert [name for name, *_ in cursor.description] == [column.name for column in TABLES[question.table].columns]
    assert cursor.fetchall() or question.table == "main.growth"  # the sample has no news in its last 56 days


@pytest.fixture(scope="module")
def warehouse(sample: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(sample.out / "published" / "warehouse.duckdb", read_only=True) as con:
        yield con


def test_questions_that_a_corpus_cannot_answer_are_left_out() -> None:
    found = [question for question, _ in answerable(list(TABLES.values()), {Feature.TOPICS})]
    assert found == [question for question in QUESTIONS if question.needs in (None, Feature.TOPICS)]
    assert {question.needs for question in QUESTIONS} > {None, Feature.TOPICS}


def test_a_name_and_all_exclude_each_other(tmp_path: Path) -> None:
    done = frontmart("describe", "topics", "--all", "--out", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "frontmart: describe: topics and --all exclude each other; give one\n"


def test_a_table_is_described_whole(sample: Run) -> None:
    found = described("topic_pairs", "--out", sample.out)
    columns = found.pop("columns")
    assert found == {
        "table": "marts.topic_pairs",
        "kind": "table",
        "rows": sample.model_rows["marts.topic_pairs"],
        "file": f"{sample.out}/published/marts/topic_pairs.parquet",
        "description": TABLES["marts.topic_pairs"].description,
        "call": None,
        "parameters": {},
        "grain": TABLES["marts.topic_pairs"].grain,
        "key": ["topic_id_a", "topic_id_b"],
        "references": [
            {"columns": ["topic_id_a"], "table": "marts.coverage_by_topic"},
            {"columns": ["topic_id_b"], "table": "marts.coverage_by_topic"},
        ],
        "made_from": ["core.article_topics", "core.articles", "core.dim_topics", "core.tagged_articles"],
        "used_by": [],
        "marts": [],
        "checks": [
            {"name": check.name, "severity": "error", "description": check.description}
            for check in TABLES["marts.topic_pairs"].checks
        ],
    }
    assert isinstance(columns, list)
    assert columns[0] == {
        "name": "topic_id_a",
        "type": "VARCHAR",
        "unit": "id",
        "description": "The topic of the pair that is first by id.",
        "is_nullable": False,
        "example": "community-workshops",
    }
    assert [column["name"] for column in columns] == [column.name for column in TABLES["marts.topic_pairs"].columns]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("marts.topic_pairs", "marts.topic_pairs"),
        ("Core.Articles", "core.articles"),
        ("documents", "tidy.documents"),
        ("articles", "main.articles"),
        ("coverage", "main.coverage"),
        ("staging.documents", "staging.documents"),
        ("runs", "tidy.runs"),
    ],
)
def test_a_table_is_found_by_its_name_with_or_without_its_schema(name: str, table: str) -> None:
    found = find(name, list(TABLES.values()))
    assert isinstance(found, CatalogTable)
    assert found.full_name == table


def test_without_a_snapshot_there_are_no_rows_examples_and_files(tmp_path: Path) -> None:
    found = described("tidy.documents", "--out", tmp_path / "nosuch")
    assert (found["rows"], found["file"]) == (None, None)
    assert {column["example"] for column in found["columns"]} == {None}


def test_a_column_is_found_in_every_table_that_has_it(tmp_path: Path) -> None:
    found = described("cluster_id", "--out", tmp_path)
    assert found["column"] == "cluster_id"
    tables = {each["table"]: each for each in found["tables"]}
    assert list(tables) == [
        name for name, table in TABLES.items() if "cluster_id" in {each.name for each in table.columns}
    ]
    assert {"main.clusters", "main.cluster", "core.articles", "core.clusters"} <= set(tables)
    assert tables["core.clusters"] == {
        "table": "core.clusters",
        "type": "VARCHAR",
        "unit": "id",
        "description": (
            "The cluster: the smallest document_id among its articles. An article without links is a cluster of its "
            "own."
        ),
        "is_nullable": False,
    }


def test_a_macro_says_how_it_is_called(tmp_path: Path) -> None:
    found = described("coverage", "--out", tmp_path)
    assert (found["kind"], found["call"]) == ("macro", "coverage(topic_name, grain := 'month')")
    assert found["parameters"] == TABLES["main.coverage"].parameters
    shown = frontmart("describe", "coverage", "--out", tmp_path).stdout
    assert "call: coverage(topic_name, grain := 'month')" in shown
    assert "parameters: topic_name: The topic, in any case, or its topic_id." in shown


def test_an_unknown_name_is_rejected_with_the_nearest(tmp_path: Path) -> None:
    done = frontmart("describe", "topic_pair", "--out", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("frontmart: 'topic_pair' is not a table or a column; did you mean topic_pairs or ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["zzzzzz", "", " "])
def test_an_unknown_name_is_rejected_with_advice(name: str) -> None:
    with pytest.raises(UsageError, match="is not a table or a column; `frontmart describe --all` lists the tables"):
        find(name, list(TABLES.values()))


def test_a_warehouse_that_cannot_be_read_is_reported_in_one_line(out: Path) -> None:
    """Another program left a view there that reads a file, which a reader of the warehouse may not."""
    with duckdb.connect(out / "published" / "warehouse.duckdb") as con:
        (out / "some.csv").write_text("document_id,position\n1,2\n")
        con.execute(f"create or replace view staging.field_issues as from '{out}/some.csv'")
    done = frontmart("describe", "staging.field_issues", "--out", out)
    assert (done.returncode, done.stdout) == (1, "")
    assert "staging.field_issues cannot be read: " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_in_a_pipe_a_column_is_a_line(sample: Run) -> None:
    lines = frontmart("describe", "marts.topic_pairs", "--out", sample.out).stdout.splitlines()
    assert lines[0] == "marts.topic_pairs (table)"
    assert "key: topic_id_a, topic_id_b" in lines
    (lift,) = (line for line in lines if line.split()[:1] == ["lift"])
    assert lift.rstrip().endswith(
        "above 1 the topics co-occur more often, below 1 less often; NULL if expected_count is 0."
    )


def test_in_a_terminal_no_line_is_wider_than_it(sample: Run) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "frontmart.cli", "describe", "documents", "--out", str(sample.out)]
    environment = {**os.environ, "COLUMNS": "80", "TERM": "dumb"}
    with subprocess.Popen(command, stdout=follower, stdin=follower, env=environment) as process:
        os.close(follower)
        shown = _read(leader)
    assert process.returncode == 0
    lines = [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("reads") or line.startswith("read by") for line in lines)
    assert {column.name for column in TABLES["tidy.documents"].columns} <= {line.split(" ")[0] for line in lines}


def _read(terminal: int) -> str:
    parts = []
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # what Linux answers once the other end is closed
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts).decode()
        parts.append(part)
