"""The template of a warehouse: a build that copies it gives what a build that creates everything does."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from frontmart.cache import cached, caching
from frontmart.snapshots.store import published
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.template import copy_template, keep_template, template_key
from tests.reliability.workspace import hashes_of
from tests.sample import build_quietly

DOCUMENT = "---\ntitle: {title}\ndate: 2026-01-0{day}\ntags: [{tags}]\nweight: {day}\n---\nText\n"
# `sql` of a view lists the replacements of `* replace (...)` in any order, so that of views is not compared.
CATALOG = {
    "duckdb_schemas()": "schema_name, comment",
    "duckdb_tables()": "schema_name, table_name, comment, column_count",
    "duckdb_views()": "schema_name, view_name, comment, column_count",
    "duckdb_columns()": "schema_name, table_name, column_index, column_name, data_type, is_nullable, comment",
    "duckdb_functions()": "schema_name, function_name, comment, parameters, macro_definition",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "frontmart"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    for day, tags in enumerate(("red", "red, blue", ""), start=1):
        (source / f"{day}.md").write_text(DOCUMENT.format(title=f"News {day}", day=day, tags=tags))
    return source


def catalog_of(out: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(published(out).warehouse, read_only=True) as con:
        return {
            table: con.execute(f"select {columns} from {table} where not internal order by all").fetchall()
            for table, columns in CATALOG.items()
        }


def test_a_build_with_a_template_has_the_same_tables_views_macros_and_rows(source: Path, folder: Path) -> None:
    built = {}
    for name in ("created", "copied"):
        build_quietly(source, source.parent / name)
        out = source.parent / name
        built[name] = catalog_of(out), hashes_of(published(out)), sorted(folder.glob("template-*"))
    assert built["copied"] == built["created"]
    assert len(built["created"][2]) == 2
    macros = built["created"][0]["duckdb_functions()"]
    assert {"coverage", "kind_sign"} <= {name for _, name, *_ in macros}


def test_another_set_of_features_or_columns_has_another_template(source: Path, folder: Path) -> None:
    build_quietly(source, source.parent / "one")
    mapping = source.parent / "mapping.toml"
    mapping.write_text('[columns.weight]\ntype = "integer"\n')
    build_quietly(source, source.parent / "two", mapping=mapping)
    with duckdb.connect(published(source.parent / "two").warehouse, read_only=True) as con:
        assert con.execute("select sum(weight) from marts.article_columns").fetchall() == [(6,)]
    for path in source.iterdir():
        path.write_text(path.read_text().replace("tags:", "word:"))
    build_quietly(source, source.parent / "three")
    assert len(list(folder.glob("template-*"))) == 4  # one is that of the inputs, for all of them


def test_a_template_that_does_not_fit_is_not_copied(folder: Path, tmp_path: Path) -> None:
    key = template_key("a", "b")
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path) as con:
        con.execute(
            "create schema tidy; create schema core; create table core.a (x int); create view main.b as select 1"
        )
        keep_template(con, key, without="tidy")
        assert cached(key, ".duckdb") is not None
    with open_warehouse(tmp_path / "other.duckdb", temp_directory=tmp_path) as con:
        con.execute("create schema core; create table core.a (y int)")
        assert not copy_template(con, key)
        assert con.execute("select column_name from duckdb_columns() where not internal").fetchall() == [("y",)]
        assert con.execute("select count(*) from duckdb_views() where view_name = 'b'").fetchall() == [(0,)]


def test_a_file_that_is_no_warehouse_is_not_copied(folder: Path, tmp_path: Path) -> None:
    with caching("template-x", ".duckdb") as path:
        assert path is not None
        path.write_text("no warehouse")
    with open_warehouse(tmp_path / "it.duckdb", temp_directory=tmp_path) as con:
        assert not copy_template(con, "template-x")


def test_without_a_place_for_it_no_template_is_kept_and_a_build_succeeds(source: Path, folder: Path) -> None:
    folder.parent.touch()
    assert build_quietly(source, source.parent / "out").outcome == "published"
    assert folder.parent.read_bytes() == b""


def test_words_make_different_keys() -> None:
    assert len({template_key(*words) for words in (("a",), ("ab",), ("a", "b"), ("a", "", "b"))}) == 4
