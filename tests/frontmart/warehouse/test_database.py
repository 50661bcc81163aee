"""The warehouse: complete tables with types, order and descriptions; headers are compared with the real columns."""

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from frontmart.catalog.features import Feature
from frontmart.catalog.inputs import INPUTS, duckdb_types
from frontmart.catalog.layers import LAYERS, VIEW_MODELS
from frontmart.catalog.models import read_models
from frontmart.errors import FrontmartError, ModelError
from frontmart.warehouse import load as loading
from frontmart.warehouse import materialize as modelling
from frontmart.warehouse.database import checkpoint_in_background, open_warehouse
from frontmart.warehouse.load import load_build, load_fields, load_runs, load_tidy
from frontmart.warehouse.materialize import run_models
from frontmart.warehouse.parquet import export_tidy
from frontmart.warehouse.statements import run_with_less_memory
from tests.sql.frames import SQL, corpus, document, model_of, warehouse_of, write_fragments
from transforms.fields import declared_fields
from transforms.tables import TABLES
from transforms.vocabulary import Preset

MODELS = read_models(SQL)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path / "spill") as opened:
        yield opened


# The file


def test_the_file_is_complete_and_self_contained_when_it_is_closed(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a", topics=["AI"])]):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fragments", "warehouse.duckdb"]
    with duckdb.connect(tmp_path / "warehouse.duckdb", read_only=True) as con:
        assert con.execute("select article_count from marts.coverage_by_topic").fetchall() == [(1,)]


def test_older_releases_of_duckdb_can_open_the_file(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a")]):
        pass
    # The version of the storage format follows the checksum and the magic word of the header: 64 is DuckDB 1.0.
    head = (tmp_path / "warehouse.duckdb").read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") == 64


def test_its_schemas_are_tidy_and_the_layers_of_sql(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, []) as con:
        rows = con.execute(
            "select table_schema, table_type, count(*) from information_schema.tables "
            "where table_catalog = 'warehouse' group by all order by all"
        ).fetchall()
    layers = [model.layer for model in MODELS]
    assert rows == [
        ("core", "BASE TABLE", layers.count("core")),
        ("drift", "BASE TABLE", layers.count("drift")),
        ("history", "BASE TABLE", layers.count("history") - len(VIEW_MODELS)),
        ("history", "VIEW", len(VIEW_MODELS)),
        ("main", "VIEW", layers.count("main")),
        ("marts", "BASE TABLE", layers.count("marts")),
        ("search", "BASE TABLE", layers.count("search")),
        ("staging", "VIEW", layers.count("staging")),
        ("tidy", "BASE TABLE", len(INPUTS)),
    ]


def test_views_work_under_whatever_name_the_file_is_attached(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, [document("a")]):
        pass
    with duckdb.connect() as con:
        con.execute(f"attach '{tmp_path / 'warehouse.duckdb'}' as other (read_only)")
        assert con.execute("select document_id from other.staging.documents").fetchall() == [("a",)]


def test_settings_reach_duckdb(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=spill, memory_limit="500MB", threads=3) as con:
        settings = con.execute(
            "select current_setting('threads'), current_setting('memory_limit'), current_setting('temp_directory'), "
            "current_setting('TimeZone'), current_setting('enable_progress_bar')"
        ).fetchone()
    assert settings == (3, "476.8 MiB", str(spill), "UTC", False)


def test_a_setting_that_duckdb_rejects_is_reported(tmp_path: Path) -> None:
    with (
        pytest.raises(FrontmartError, match=r"DuckDB rejects a setting: .*Correct memory_limit\."),
        open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path, memory_limit="much"),
    ):
        pass


def test_a_file_that_is_not_a_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "it.duckdb").write_bytes(b"no database" * 1000)
    with (
        pytest.raises(FrontmartError, match=r"it\.duckdb cannot be opened: "),
        open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path),
    ):
        pass


def test_a_question_mark_in_the_path_is_refused_rather_than_losing_the_log(tmp_path: Path) -> None:
    with (
        pytest.raises(FrontmartError, match=r"DuckDB allows no `\?` in a path"),
        open_warehouse(tmp_path / "what?" / "it.duckdb", temp_directory=tmp_path),
    ):
        pass


# What goes in


def test_a_table_without_fragments_is_empty_and_has_its_columns(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert load_tidy(con, tmp_path / "nothing") == dict.fromkeys(TABLES, 0)
    for name, schema in TABLES.items():
        described = con.execute(f"describe tidy.{name}").fetchall()
        assert {column: type_ for column, type_, *_ in described} == duckdb_types(schema)


def test_rows_are_sorted_by_key_however_they_were_cut(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    for number, names in enumerate(["db", "ca"]):
        write_fragments(tmp_path / str(number), [document(name, topics=["x", "y"]) for name in names])
        for table in ("documents", "document_topics"):
            target = tmp_path / "fragments" / table
            target.mkdir(parents=True, exist_ok=True)
            (tmp_path / str(number) / table / "000000.parquet").rename(target / f"{number}.parquet")
    assert load_tidy(con, tmp_path / "fragments")["document_topics"] == 8
    assert con.execute("select document_id from tidy.documents").fetchall() == [("a",), ("b",), ("c",), ("d",)]
    topics = con.execute("select document_id, position from tidy.document_topics").fetchall()
    assert topics == sorted(topics)


def test_a_folder_with_a_quote_and_wildcards_in_its_name_is_taken_literally(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a]*"
    folder.mkdir()
    with warehouse_of(folder, [document("a")]) as con:
        assert con.execute("select count(*) from core.articles").fetchone() == (1,)
        assert next(iter(export_tidy(con, folder / "tables", Preset.GENERIC))).row_count == 1
    assert pl.read_parquet(folder / "tables" / "documents.parquet", glob=False).height == 1


def test_a_fragment_without_a_column_is_reported(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    (tmp_path / "rejects").mkdir()
    pl.DataFrame({"document_id": ["a"]}).write_parquet(tmp_path / "rejects" / "0.parquet")
    with pytest.raises(FrontmartError, match=r"^tidy\.rejects cannot be loaded: .*Build again with --full\.$"):
        load_tidy(con, tmp_path)


def test_the_ledger_is_sorted_and_what_a_run_lacks_is_null(con: duckdb.DuckDBPyConnection) -> None:
    started = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    load_runs(con, [
        {"run_id": "b", "started_at": "2026-01-02T00:00:00Z", "outcome": "published", "file_count": 3},
        {"run_id": "a", "started_at": started, "outcome": "failed", "unknown": 1},
    ])  # fmt: skip
    rows = con.execute("select run_id, started_at, outcome, file_count from tidy.runs").fetchall()
    assert rows == [
        ("a", dt.datetime(2026, 1, 1, 12), "failed", None),
        ("b", dt.datetime(2026, 1, 2), "published", 3),
    ]


def test_every_declared_field_is_a_row(con: duckdb.DuckDBPyConnection) -> None:
    load_fields(con)
    rows = con.execute("from tidy.fields").fetchall()
    assert rows == [astuple(field) for field in sorted(declared_fields(), key=lambda field: field.key)]
    width = ("images[].width", None, "document_images", "width", "width", "pixels", "number", True, True)
    assert [row for row in rows if row[0] == "images[].width"] == [width]


def test_the_build_is_one_row(con: duckdb.DuckDBPyConnection) -> None:
    load_build(con, dt.date(2026, 1, 31), "1.2.3")
    features = ", ".join(Feature)
    day = dt.date(2026, 1, 31)
    assert con.execute("from tidy.build").fetchall() == [(day, "1.2.3", True, "smartable", features, False)]


def test_what_does_not_fit_in_memory_is_loaded_a_sixteenth_at_a_time_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second build of a million files ran out of memory: it sorts what it keeps with what is new."""
    documents = corpus(200)
    with warehouse_of(tmp_path, documents) as con:
        expected = con.execute("from tidy.document_topics").fetchall()

    class Forgetful:
        """A connection without the memory to insert all rows of a table at once."""

        def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
            self.con = con
            self.refused = 0

        def execute(self, statement: str) -> duckdb.DuckDBPyConnection:
            if "where document_id >= " not in statement:
                self.refused += 1
                raise duckdb.OutOfMemoryException
            return self.con.execute(statement)

    with open_warehouse(tmp_path / "other.duckdb", temp_directory=tmp_path) as con:
        loading.create_inputs(con, ["document_topics"])
        forgetful = Forgetful(con)
        sources = loading._Sources(tmp_path / "fragments", None, {})
        loading._load_table(forgetful, "document_topics", sources)  # type: ignore[arg-type]
        assert con.execute("from tidy.document_topics").fetchall() == expected
    assert forgetful.refused == 1
    assert len(expected) > 300


# Models


def test_tables_are_stored_in_the_order_of_their_key(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, corpus(120)) as con:
        for model in MODELS:
            if not model.is_view:
                keys = con.execute(f"select {', '.join(model.key)} from {model.full_name}").fetchall()
                assert keys == sorted(keys), model.full_name


def test_the_rows_of_tables_are_counted_and_those_of_views_are_not(con: duckdb.DuckDBPyConnection) -> None:
    models = [
        replace(model_of("select 1 as a, 2 as b", layer=layer), name=layer) for layer in ("staging", "main", "marts")
    ]
    assert run_models(con, models) == {"marts.marts": 1}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select 1 as a", "its header describes b, which the query does not return. Make the two agree."),
        (
            "select 1 as a, 2 as b, 3 as c, 4 as d",
            "the query returns c, d, which its header does not describe. Make the two agree.",
        ),
        (
            "select 1 as a, 2 as c",
            "its header describes b, which the query does not return; "
            "the query returns c, which its header does not describe. Make the two agree.",
        ),
        (
            "select 2 as b, 1 as a",
            "the query returns its columns in another order than the header describes them: b, a. Make the two agree.",
        ),
    ],
)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_header_that_differs_from_the_query_is_refused(
    con: duckdb.DuckDBPyConnection, query: str, message: str, layer: str
) -> None:
    with pytest.raises(ModelError) as caught:
        run_models(con, [model_of(query, layer=layer)])
    assert str(caught.value) == f"sql/{layer}/it.sql: {message}"


@pytest.mark.parametrize(
    "value",
    [
        "sum(1)", "1.5", "[1]", "{'x': 1}", "interval 1 day", "1::ubigint", "uuid()", "'{}'::json", "time '10:00'",
        "timestamptz '2026-01-01 00:00+00'", "1::real", "'x'::blob", "1::smallint",
    ],
)  # fmt: skip
def test_a_type_that_tools_read_differently_is_refused(con: duckdb.DuckDBPyConnection, value: str) -> None:
    with pytest.raises(ModelError, match=r"^sql/core/it\.sql: types that not all tools support: b .*\. Cast to one of"):
        run_models(con, [model_of(f"select 1 as a, {value} as b")])


def test_a_query_that_fails_names_its_file_in_one_line(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ModelError) as caught:
        run_models(con, [model_of("select 1 as a, x as b from core.nothing")])
    assert str(caught.value).startswith("sql/core/it.sql failed: Catalog Error: ")
    assert str(caught.value).endswith(" Correct the model.")
    assert "\n" not in str(caught.value)


def test_what_does_not_fit_in_memory_asks_for_more_of_it(tmp_path: Path) -> None:
    query = "select range as a, repeat(range::varchar, 40) as b from range(1_000_000)"
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path, memory_limit="20MB", threads=2) as con:
        con.execute("set max_temp_directory_size = '1MB'")
        with pytest.raises(ModelError, match=r"Out of Memory.* Raise memory_limit\.$"):
            run_models(con, [model_of(query)])


def test_a_statement_that_takes_too_much_memory_runs_again_with_one_thread() -> None:
    class Connection:
        """Too little memory for more than one thread."""

        def __init__(self) -> None:
            self.statements: list[str] = []
            self.threads = 8

        def execute(self, statement: str) -> "Connection":
            self.statements.append(statement)
            if statement.startswith("set threads = "):
                self.threads = int(statement.rpartition(" ")[2])
            if statement == "work" and self.threads > 1:
                raise duckdb.OutOfMemoryException
            return self

        def fetchone(self) -> tuple[int]:
            return (self.threads,)

        def fetchall(self) -> list[tuple[int]]:
            return [(self.threads,)]

    con = Connection()
    run_with_less_memory(con, "work")  # type: ignore[arg-type]
    assert con.statements.count("work") == 2
    assert con.threads == 8


@pytest.mark.parametrize("rows", [0, modelling._SMALL_ROWS, modelling._SMALL_ROWS + 1])
def test_models_run_after_what_they_read_whether_at_the_same_time_or_not(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """Diamonds of dependencies: a model that runs too early fails, because its table does not exist yet."""
    threads = set()
    run_model = modelling._create_model

    def watched(*args: Any, **kwargs: Any) -> int | None:
        threads.add(threading.current_thread())
        return run_model(*args, **kwargs)

    monkeypatch.setattr(modelling, "_create_model", watched)
    con.execute(f"create table large as from range({rows})")
    models = []
    for number in range(12):
        reads = {f"core.it{before}" for before in range(max(0, number - 2), number)}
        sources = "".join(f" cross join {name}" for name in sorted(reads))
        model = model_of(f"select {number} as a, 1 as b from (select 1) as one{sources}", layer="core")
        models.append(replace(model, name=f"it{number}", reads=frozenset(reads)))
    assert run_models(con, models) == {f"core.it{number}": 1 for number in range(12)}
    assert (threading.main_thread() in threads) == (rows > modelling._SMALL_ROWS)


def test_models_that_lack_memory_side_by_side_run_one_after_the_other(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(*_: object) -> int:
        raise duckdb.OutOfMemoryException

    monkeypatch.setattr(modelling, "run", run_out)
    models = [replace(model_of("select 1 as a, 2 as b", layer="core"), name=name) for name in ("one", "two", "three")]
    assert run_models(con, models) == {"core.one": 1, "core.two": 1, "core.three": 1}


def test_a_model_that_fails_beside_others_is_the_one_that_is_named(con: duckdb.DuckDBPyConnection) -> None:
    fine = [replace(model_of("select 1 as a, 2 as b", layer="core"), name=f"fine{number}") for number in range(5)]
    with pytest.raises(ModelError, match=r"^sql/core/it\.sql failed: "):
        run_models(con, [*fine, model_of("select 1 as a, x as b from core.nothing", layer="core")])


def test_tables_that_were_stored_while_others_read_are_whole_and_so_is_the_file(tmp_path: Path) -> None:
    path = tmp_path / "it.duckdb"
    with open_warehouse(path, temp_directory=tmp_path) as con:
        con.execute("create table many as select range as n from range(500_000)")
        with checkpoint_in_background(con):
            assert con.execute("select sum(n) from many").fetchone() == (124_999_750_000,)
    assert [each.name for each in tmp_path.iterdir()] == ["it.duckdb"]
    with duckdb.connect(path, read_only=True) as reader:
        assert reader.execute("select count(*), sum(n) from many").fetchone() == (500_000, 124_999_750_000)


def test_a_warehouse_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """The disk is full: no file of the process may grow beyond a megabyte."""
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from frontmart.warehouse.database import open_warehouse, checkpoint_in_background\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "folder = Path(sys.argv[1])\n"
        "with open_warehouse(folder / 'it.duckdb', temp_directory=folder) as con:\n"
        "    con.execute('create table many as select uuid() as n from range(100_000)')\n"
        "    sys.dont_write_bytecode = True\n"  # the limit would cut a .pyc file short, too
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        "    with checkpoint_in_background(con):\n"
        "        pass\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        f"frontmart.errors.FrontmartError: {tmp_path}/it.duckdb cannot be written: "
    )


# Comments


def test_every_table_and_column_has_its_comment(tmp_path: Path) -> None:
    with warehouse_of(tmp_path, []) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name, comment from duckdb_tables() where database_name = 'warehouse' "
            "union all "
            "select schema_name || '.' || view_name, comment from duckdb_views() where database_name = 'warehouse' "
            "and not internal"
        ).fetchall()
        columns = con.execute(
            "select schema_name || '.' || table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'warehouse' and not internal"
        ).fetchall()
    commented = {(table, column): comment for table, column, comment in columns}
    assert {table for table, _ in tables} == {*(m.full_name for m in MODELS), *(f"tidy.{name}" for name in INPUTS)}
    assert [table for table, comment in tables if not comment] == []
    assert [place for place, comment in commented.items() if not comment] == []
    for model in MODELS:
        assert dict(tables)[model.full_name] == f"{model.description} Grain: {model.grain}"
        assert {name: commented[model.full_name, name] for name in model.columns} == model.columns
    assert commented["tidy.documents", "heat"] == f"{TABLES['documents'].columns()['heat'].description} From `heat`."
    both = "From `provider.images[].url` and `related[].provider.images[].url`."
    assert commented["tidy.provider_images", "url"].endswith(both)


@pytest.mark.parametrize(("rows", "has_fsst"), [(20_000, False), (40_000, True)])
def test_text_of_a_tiny_warehouse_is_not_compressed_with_fsst(tmp_path: Path, rows: int, has_fsst: bool) -> None:
    path = tmp_path / "it.duckdb"
    with open_warehouse(path, temp_directory=tmp_path) as con:
        text = "'a text that repeats, but for ' || md5(range::varchar)"
        con.execute(f"create table texts as select {text} as text from range({rows})")
        with checkpoint_in_background(con):
            pass
    with duckdb.connect(path, read_only=True) as con:
        used = {name for (name,) in con.execute("select compression from pragma_storage_info('texts')").fetchall()}
    assert ("FSST" in used) == has_fsst
