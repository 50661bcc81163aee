"""`frontmart query`: where the query comes from, where the answer goes, what a terminal shows."""

import csv
import json
import resource
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from frontmart.cli.__main__ import app
from frontmart.query.limits import limit_memory
from frontmart.run import Run
from tests.frontmart.query.terminal import on_terminal

TOPICS = "select topic, article_count from topics order by article_count desc, topic limit 2"
PAGER = '#!/bin/sh\n{ echo "LESS=$LESS"; cat; } > "$0.seen"\n'


def query(run: Run, *arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["query", *map(str, arguments), "--out", str(run.out)], input=given)


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that records its input."""
    path = tmp_path / "a pager"
    path.write_text(PAGER)
    path.chmod(0o755)
    return path


def seen(pager: Path) -> str:
    return pager.with_name(f"{pager.name}.seen").read_text()


# Where the query comes from


def test_the_query_may_come_from_a_file_or_from_standard_input(sample: Run, tmp_path: Path) -> None:
    file = tmp_path / "topics.sql"
    file.write_text(f"\ufeff-- the largest\n{TOPICS};\n")
    expected = query(sample, TOPICS, "--json").stdout
    assert json.loads(expected) == {
        "rows": [{"topic": "City Cycling", "article_count": 173}, {"topic": "C#", "article_count": 19}]
    }
    assert query(sample, "--file", file, "--json").stdout == expected
    assert query(sample, "-", "--json", given=TOPICS).stdout == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "there is no query; give one: frontmart query 'from topics', --file FILE, or - for standard input"),
        (["from topics", "--file", "x.sql"], "there are two queries, SQL and --file; give one"),
        (["--file", "nosuch.sql"], "nosuch.sql: cannot be read (No such file or directory); give another --file"),
        (["from topics", "--format", "parquet"], "parquet is a binary format; name a file with --output"),
        (["from topics", "--output", "x.dat"], "x.dat: no format has the suffix '.dat'; add --format, one of"),
        (["from topics", "--output", "nosuch/x.csv"], "nosuch: this folder does not exist; create it, or give another"),
        (["from topics", "--output", "/", "--format", "csv"], "/: is not a regular file; give another --output, or"),
        (["from topics", "--spreadsheet"], "--spreadsheet is for CSV, but the format is table; add --format csv"),
        (["from topics", "--json", "--format", "csv"], "--json prints one object to standard output"),
        ([" "], "the query is empty; try: from "),
        (["select 1 as a,\ntopik from topics"], "the query failed: line 2, `topik`: Referenced column "),
        (["from cluster"], "the query failed: line 1, `cluster`: "),
        (["select interval 1 day as i", "--output", "x.parquet"], "column i is an INTERVAL, which Parquet does not"),
        (["select 9e18::hugeint * 9 as h", "--output", "x.parquet"], "column h has numbers outside the range of"),
        (["select error('late') from range(9) as r(n) where n = 8"], "the query failed: late"),
        (["select 1 as a,\ntopik from topics", "--output", "x.parquet"], "the query failed: line 2, `topik`: "),
        (["select error('late') as x from range(9)", "--output", "x.parquet"], "the query failed: late"),
        (["from topics", "--format", "xml"], "unknown format 'xml'; use one of table, parquet, csv, json, jsonl"),
    ],
)  # fmt: skip
def test_invalid_options_are_reported_in_one_line(sample: Run, arguments: list[str], message: str) -> None:
    done = query(sample, *arguments)
    assert done.stderr.startswith(f"frontmart: {message}"), done.stderr
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


# Where the answer goes


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.jsonl", "x.parquet"])
def test_a_file_has_all_rows_in_the_format_of_its_suffix(sample: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    sql = "select topic_id, article_count, last_published_at::date::varchar as last_day from topics order by topic_id"
    done = query(sample, sql, "--output", path, "--rows", 1)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    read = {"x.csv": pl.read_csv, "x.json": pl.read_json, "x.jsonl": pl.read_ndjson, "x.parquet": pl.read_parquet}[name]
    mart = pl.read_parquet(sample.out / "published" / "marts" / "coverage_by_topic.parquet")
    last_day = pl.col("last_published_at").dt.strftime("%Y-%m-%d").alias("last_day")
    assert_frame_equal(read(path), mart.select("topic_id", "article_count", last_day))
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_sums_and_names_that_columns_share_are_plain_in_parquet(sample: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    sql = "select sum(article_count) as a, 1.5::decimal(9, 2) as a, 'x'::enum('x') as b, null as c from topics"
    assert query(sample, sql, "--output", path).exit_code == 0
    assert {name: str(type_) for name, type_ in pl.read_parquet_schema(path).items()} == {
        "a": "Int64", "a_2": "Decimal(precision=9, scale=2)", "b": "String", "c": "Null"
    }  # fmt: skip


def test_a_file_is_written_whole_or_left_as_it_was(sample: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("as it was")
    late = "select case when n = 50_000 then error('late') end as x from range(60_000) as r(n)"
    done = query(sample, late, "--output", path)
    assert (done.exit_code, done.stderr) == (2, "frontmart: the query failed: late\n")
    assert path.read_text() == "as it was"
    assert [each.name for each in tmp_path.iterdir()] == ["x.csv"]


def test_a_link_keeps_leading_to_the_file_that_is_written(sample: Run, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("file.csv")
    assert query(sample, "select 1 as a", "--output", tmp_path / "link.csv").exit_code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "file.csv").read_text() == "a\n1\n"


def test_a_reader_that_closes_the_pipe_is_not_a_failure(sample: Run) -> None:
    command = (
        f"{sys.executable} -m frontmart.cli query 'from range(1_000_000)' --format csv --out '{sample.out}' | head -2"
    )
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "range\n0\n", "")


def test_csv_is_exact_unless_it_is_for_a_spreadsheet(sample: Run) -> None:
    sql = "select '=1+1' as x, -1.5 as y, '-' as z, 'a,\"b' as w, null as n, '' as e, true as t"
    exact = query(sample, sql, "--format", "csv")
    assert exact.stdout == 'x,y,z,w,n,e,t\n=1+1,-1.5,-,"a,""b",,"",true\n'
    assert exact.stderr == ("note: 2 texts begin like a formula; --spreadsheet keeps a spreadsheet from computing it\n")
    safe = query(sample, sql, "--format", "csv", "--spreadsheet")
    assert safe.stdout == "\ufeffx,y,z,w,n,e,t\n" + '\'=1+1,-1.5,\'-,"a,""b",,"",true\n'
    assert safe.stderr == ""


def test_an_answer_of_any_size_is_written_in_little_memory(sample: Run, tmp_path: Path) -> None:
    script = (
        "import resource, sys; from frontmart.cli.__main__ import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    sql = "select repeat('x', 1000) as x from range(500_000)"

    def peak_megabytes(query: str) -> int:
        arguments = ["query", query, "--output", str(tmp_path / "x.parquet"), "--out", str(sample.out)]
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert peak_megabytes(sql) < peak_megabytes("select 1 as a") + 250
    assert pl.scan_parquet(tmp_path / "x.parquet").select(pl.len()).collect().item() == 1


# On a terminal

CODES = "select 'a' || chr(27) || ']0;title' || chr(7) || chr(155) || '31m é' as text, 'b\nc' as lines"


@pytest.mark.parametrize("format_", ["csv", "json", "jsonl", "markdown"])
def test_a_terminal_gets_no_codes_in_any_format(sample: Run, format_: str) -> None:
    with on_terminal("query", CODES, "--out", sample.out, "--format", format_, "--no-pager") as terminal:
        assert terminal.wait() == 0
    assert "title" in terminal.written
    assert not [each for each in terminal.written if each in "\x1b\x07\x9b"]


def test_a_pipe_gets_csv_with_every_byte(sample: Run) -> None:
    command = [sys.executable, "-m", "frontmart.cli", "query", CODES, "--out", str(sample.out), "--format", "csv"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == 'text,lines\na\x1b]0;title\x07\x9b31m é,"b\nc"\n'.encode()


# Limits


@pytest.mark.process
@pytest.mark.parametrize("format_", ["table", "csv", "json", "parquet"])
def test_a_value_larger_than_the_memory_limit_is_one_line_of_error(sample: Run, tmp_path: Path, format_: str) -> None:
    sql = "select repeat('a', 3_000_000_000 + range) as a from range(2)"
    command = [sys.executable, "-m", "frontmart.cli", "query", sql, "--out", str(sample.out), "--format", format_]
    done = subprocess.run([*command, "--output", str(tmp_path / "a")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "frontmart: the query failed: Out of Memory: it takes more than 1 GB of memory, or spills more than 10 GB; "
        "select fewer rows or columns, or shorter texts\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from range(1_000_000_000) a, range(1_000_000_000) b where hash(a.range) = hash(b.range + 1)",
        "select sleep_ms(600_000)",  # one step of DuckDB, which it does not interrupt
    ],
)
def test_a_query_ends_at_its_timeout(sample: Run, sql: str) -> None:
    command = [sys.executable, "-m", "frontmart.cli", "query", sql, "--out", str(sample.out), "--timeout", "0.5"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "frontmart: the query failed: it ran longer than the timeout; "
        "select less, as with WHERE, or give a longer one\n",
    )


def test_the_limit_of_memory_ends_with_the_query() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with limit_memory():
        assert resource.getrlimit(resource.RLIMIT_DATA)[0] > 2 * 1024**3
        assert resource.getrlimit(resource.RLIMIT_DATA) != before
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_a_text_that_csv_cannot_take_is_an_error_that_says_what_to_do(sample: Run) -> None:
    command = [
        sys.executable,
        "-m",
        "frontmart.cli",
        "query",
        "select repeat('a', 100_000_001) as a",
        "--format",
        "csv",
    ]
    done = subprocess.run([*command, "--out", str(sample.out)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "frontmart: a row has 100,000,001 characters, and CSV takes 100,000,000; "
        "select a part of the text, as with left(text, 1000), or write Parquet\n"
    )


# What a terminal shows


def test_what_fits_on_the_screen_is_printed(sample: Run, pager: Path) -> None:
    with on_terminal("query", TOPICS, "--out", sample.out, PAGER=f"'{pager}'") as terminal:
        assert terminal.wait() == 0
    assert "City Cycling" in terminal.written
    assert not pager.with_name("a pager.seen").exists()


def test_a_table_taller_than_the_screen_goes_to_the_pager_at_full_width(sample: Run, pager: Path) -> None:
    sql = "select document_id, title, topics from articles order by document_id"
    with on_terminal("query", sql, "--out", sample.out, "--rows", "50", columns=60, PAGER=f"'{pager}'") as terminal:
        assert terminal.wait() == 0
    shown = seen(pager).splitlines()
    assert shown[0] == "LESS=FXS"
    assert len([line for line in shown if line.strip()]) == 1 + 2 + 50 + 1
    assert shown[-1] == "50 of 181 rows; --rows 0 shows all, --output FILE writes them"
    assert max(map(len, shown)) > 60


def test_without_a_pager_the_note_on_omitted_rows_is_printed_too(sample: Run, pager: Path) -> None:
    arguments = ("query", "from range(1_200) as r(n)", "--out", sample.out, "--no-pager")
    with on_terminal(*arguments, PAGER=f"'{pager}'") as terminal:
        assert terminal.wait() == 0
    assert "1,000 of 1,200 rows; --rows 0 shows all, --output FILE writes them" in terminal.written
    assert not pager.with_name("a pager.seen").exists()
    with on_terminal(*arguments, "--rows", "0") as terminal:
        assert terminal.wait() == 0
    assert " rows; " not in terminal.written
    assert "1199" in terminal.written


def test_less_cuts_long_lines_and_leaves_at_q(sample: Run) -> None:
    sql = "select n, repeat('wide ', 40) as text from range(100) as r(n)"
    with on_terminal("query", sql, "--out", sample.out, columns=60, lines=20) as terminal:
        terminal.wait_for(" 15 ")
        assert "--rows" not in terminal.written
        terminal.send("q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("broken", ["nosuch-pager", "'unclosed", "''"])
def test_a_missing_pager_is_not_an_error(sample: Run, broken: str) -> None:
    with on_terminal("query", "from range(50) as r(n)", "--out", sample.out, PAGER=broken) as terminal:
        assert terminal.wait() == 0
    assert "49" in terminal.written


def test_a_few_rows_too_wide_for_the_screen_are_printed_as_blocks(sample: Run) -> None:
    sql = "select document_id, title, canonical_url from articles where title is not null order by document_id limit 2"
    with on_terminal("query", sql, "--out", sample.out, columns=60) as terminal:
        assert terminal.wait() == 0
    assert "row 1" in terminal.written
    assert "canonical_url" in terminal.written


def test_a_table_in_a_file_is_as_wide_as_it_needs(sample: Run, tmp_path: Path) -> None:
    path = tmp_path / "articles.txt"
    assert query(sample, "select document_id, title from articles order by 1", "--output", path).exit_code == 0
    lines = [line for line in path.read_text().splitlines() if line]
    assert len(lines) == 2 + 181
    assert lines[0].split() == ["document_id", "title"]


def test_csv_reads_back_as_it_was(sample: Run, tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    assert query(sample, "select path, title from articles order by path", "--output", path).exit_code == 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = [(row["path"], row["title"]) for row in csv.DictReader(file)]
    articles = pl.read_parquet(sample.out / "published" / "tables" / "documents.parquet")
    titles = dict(articles.select("path", "title").iter_rows())
    assert rows == [(path, titles[path] or "") for path, _ in rows]
    assert len(rows) == 181


def test_an_arrow_result_that_is_not_read_to_its_end_leaves_the_warehouse_free(sample: Run) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from frontmart.query.result import open_arrow_result\nfrom frontmart.snapshots.store import published\n"
        "kept = []\n"
        "for _ in range(2):\n"
        "    with open_arrow_result(published(Path(sys.argv[1])), 'from range(1_000_000)') as (schema, batches):\n"
        "        next(batches)\n"
        "        kept.append(batches)\n"
        "print(len(kept))\n"
    )
    command = [sys.executable, "-c", script, str(sample.out)]
    # DuckDB would wait forever at the second opening.
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout == "2\n"
