"""`import frontmart`: what a script or a notebook can do with it."""

import gc
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import frontmart
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.store import roll_back
from frontmart.warehouse import sandbox, spill
from tests.sample import AS_OF, SAMPLE

ERRORS = ("ChecksFailedError", "LockedError", "ModelError", "SnapshotError", "UsageError")


def test_the_import_loads_no_library_and_offers_what_it_declares() -> None:
    script = (
        "import sys, json; before = set(sys.modules); import frontmart\n"
        "roots = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "loaded = sorted(roots - set(sys.stdlib_module_names))\n"
        "print(json.dumps([loaded, sorted(set(dir(frontmart)) & set(frontmart.__all__)), frontmart.__all__]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded, offered, declared = json.loads(done.stdout)
    assert loaded == ["frontmart"]
    assert offered == declared == sorted(declared)


def test_every_name_can_be_used_and_others_cannot() -> None:
    assert {name for name in frontmart.__all__ if not callable(getattr(frontmart, name))} == set()
    assert (frontmart.Run, frontmart.Settings) == (Run, Settings)
    with pytest.raises(AttributeError, match="module 'frontmart' has no attribute 'bulid'"):
        frontmart.bulid  # noqa: B018


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_the_same_root(name: str) -> None:
    assert issubclass(getattr(frontmart, name), frontmart.FrontmartError)


@pytest.mark.build
def test_build_publishes_what_the_command_would_and_says_nothing(
    tmp_path: Path, sample: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    run = frontmart.build(str(SAMPLE), tmp_path / "out", as_of=AS_OF, workers=1)
    assert (run.outcome, run.files) == ("published", sample.files)
    for name in ("coverage_by_topic", "tidy.documents", "core.articles"):
        assert_frame_equal(frontmart.read(name, tmp_path / "out"), frontmart.read(name, sample.out))
    assert frontmart.build(SAMPLE, tmp_path / "out", as_of=AS_OF).outcome == "unchanged"
    assert capfd.readouterr() == ("", "")


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_build_takes_a_file_of_settings_below_those_that_are_given(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('as_of = "2026-01-01"\nkeep_snapshots = 1\n')
    run = frontmart.build(SAMPLE, tmp_path / "out", config=tmp_path / "settings.toml", as_of=AS_OF)
    assert run.as_of == AS_OF
    frontmart.build(SAMPLE, tmp_path / "out", config=str(tmp_path / "settings.toml"))
    assert len(list((tmp_path / "out" / "snapshots").iterdir())) == 1


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_build_warns_of_the_old_name_of_a_setting(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("verify = true\n")
    with pytest.warns(FutureWarning, match="`verify` is now called `checksum`") as warnings:
        frontmart.build(SAMPLE, tmp_path / "out", config=tmp_path / "settings.toml", as_of=AS_OF)
    assert [warning.filename for warning in warnings] == [__file__]


def test_build_refuses_a_setting_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(frontmart.UsageError, match="setting wrokers: "):
        frontmart.build(SAMPLE, tmp_path / "out", wrokers=2)
    with pytest.raises(frontmart.UsageError, match="nowhere: "):
        frontmart.build("nowhere", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("coverage_by_topic", "marts/coverage_by_topic.parquet"),
        ("marts.topic_pairs", "marts/topic_pairs.parquet"),
        (" Tidy.Documents ", "tables/documents.parquet"),
        ("document_topics", "tables/document_topics.parquet"),
    ],
)
def test_read_gives_the_rows_and_types_of_the_published_file(sample: Run, name: str, file: str) -> None:
    expected = pl.read_parquet(sample.out / "published" / file)
    found = frontmart.read(name, sample.out)
    # The file of a preset is without the columns that only the other one fills.
    assert_frame_equal(found.select(expected.columns), expected)
    assert all(found[column].null_count() == found.height for column in set(found.columns) - set(expected.columns))


def test_read_prefers_a_view_for_people_to_a_table_of_the_same_name(sample: Run) -> None:
    assert_frame_equal(frontmart.read("articles", sample.out), frontmart.read("main.articles", sample.out))
    assert frontmart.read("articles", sample.out).columns != frontmart.read("core.articles", sample.out).columns


def test_every_table_and_view_can_be_read(sample: Run) -> None:
    with frontmart.connect(sample.out) as connection:
        names = connection.sql(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_catalog = current_database()"
        ).fetchall()
        counts = {name: connection.execute(f"select count(*) from {name}").fetchone() for (name,) in names}
    assert {name: (frontmart.read(name, sample.out).height,) for name in counts} == counts
    assert len(counts) > 40
    listed = frontmart.tables(sample.out)
    assert {name: (count,) for name, count, _ in listed.iter_rows()} == counts
    assert listed["table"].head(6).to_list() == [
        "main.articles", "main.authors", "main.clusters", "main.events", "main.providers", "main.topics",
    ]  # fmt: skip
    described = dict(listed.select("table", "description").iter_rows())
    assert described["tidy.rejects"] == "A rejected file."
    assert [name for name, text in described.items() if not text] == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "marts.topic_pair",
            "'marts.topic_pair' is not a table or view of the warehouse; did you mean marts.topic_pairs, "
            "marts.topic_bursts, marts.topic_changes?",
        ),
        ("q", "'q' is not a table or view of the warehouse; `frontmart describe --all` lists the tables"),
    ],
)
def test_an_unknown_name_is_rejected_with_similar_names(sample: Run, name: str, message: str) -> None:
    with pytest.raises(frontmart.UsageError) as refused:
        frontmart.read(name, sample.out)
    assert str(refused.value) == message


def test_nothing_published_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(frontmart.SnapshotError):
        frontmart.connect(tmp_path)
    with pytest.raises(frontmart.SnapshotError):
        frontmart.read("topics", str(tmp_path))
    with pytest.raises(frontmart.SnapshotError):
        frontmart.tables(tmp_path)


def test_a_connection_finds_views_and_macros_and_can_do_nothing_but_read(sample: Run, tmp_path: Path) -> None:
    with frontmart.connect(str(sample.out)) as connection:
        assert connection.execute("select count(*) from topics").fetchone() == (11,)
        assert connection.execute("select count(*) > 0 from search('lanes')").fetchone() == (True,)
        for forbidden in (
            "create table main.mine as select 1",
            f"copy topics to '{tmp_path}/topics.csv'",
            "from read_text('/etc/hostname')",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_a_connection_stays_on_its_snapshot(out: Path) -> None:
    frontmart.build(SAMPLE, out, full=True, as_of=AS_OF.replace(day=30))
    with frontmart.connect(out) as connection:
        roll_back(out)
        assert connection.execute("select as_of_date from tidy.build").fetchone() == (AS_OF.replace(day=30),)
        assert frontmart.read("tidy.build", out)["as_of_date"].to_list() == [AS_OF]


@pytest.mark.build
def test_a_build_beside_an_open_connection_is_compared_with_the_published_snapshot(out: Path) -> None:
    with frontmart.connect(out):
        frontmart.build(SAMPLE, out, full=True, as_of=AS_OF.replace(day=30))
    assert frontmart.read("tidy.comparison", out)["is_comparable"].to_list() == [True]


def test_connections_spill_to_files_without_a_name_that_are_gone_with_them(
    sample: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MEMORY_LIMIT", "60MB")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    larger = "create temp table larger as select i, repeat('x', 200) || i as text from range(600_000) as numbers(i)"
    with frontmart.connect(sample.out) as first, frontmart.connect(sample.out) as second:
        first.execute(larger)
        assert first.execute("select count(*) > 0 from duckdb_temporary_files()").fetchone() == (True,)
        assert first.execute("select count(*), sum(length(text)) from larger").fetchone() == (600_000, 123_488_890)
        assert list(tmp_path.iterdir()) == []
        assert second.execute("select count(*) from topics").fetchone() == (11,)
    before = spill._Calls.open_count
    dropped = frontmart.connect(sample.out)
    dropped.execute(larger)
    assert spill._Calls.open_count > before
    del dropped
    gc.collect()
    assert spill._Calls.open_count == before


def test_a_connection_has_no_path_to_the_warehouse(sample: Run) -> None:
    warehouse = sample.out / "published" / "warehouse.duckdb"
    before = warehouse.read_bytes()
    with frontmart.connect(sample.out) as connection:
        for path in (warehouse, warehouse.resolve(), f"{warehouse.resolve()}.wal"):
            with pytest.raises(duckdb.Error, match="disabled"):
                connection.execute(f"copy (select 1) to '{path}' (format csv, use_tmp_file false)")
    assert warehouse.read_bytes() == before


def test_a_connection_with_a_timeout_ends_long_statements(sample: Run) -> None:
    with frontmart.connect(sample.out, timeout=0.2) as connection:
        with pytest.raises(duckdb.InterruptException):
            connection.execute("select sum(hash(a.range + b.range)) from range(10_000_000) a, range(10_000_000) b")
        assert connection.execute("select count(*) from topics").fetchone() == (11,)


def test_the_spill_folder_is_gone_with_the_process_that_left_a_connection_open(sample: Run, tmp_path: Path) -> None:
    script = (
        "import sys, frontmart; left = frontmart.connect(sys.argv[1]); print(left.execute('from topics').fetchone()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(sample.out)], env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("Bike Lanes\n", "")
    assert list(tmp_path.iterdir()) == []
