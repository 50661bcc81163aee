"""The models around the events: which run before them, beside them and after them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.warehouse import events as module
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.events import run_all_models
from tests.sql.frames import model_of

# What `load_events` reads, and what it makes, in small.
READS = {
    "staging.documents": "select 1 as a, 2 as b",
    "core.translations": "select a, b from staging.documents",
    "core.related_links": "select a, b from core.translations",
}
OTHERS = {
    "core.beside": "select a, b from core.related_links",
    "core.events": "select a, b from tidy.article_events",
    "marts.beside": "select a, b from core.beside",
    "marts.after": "select events.a, beside.b from core.events as events cross join core.beside as beside",
}


def models_of(queries: dict[str, str]) -> list[Model]:
    found = []
    for full_name, query in queries.items():
        layer, name = full_name.split(".")
        names = [*READS, *OTHERS, "tidy.article_events"]
        model = model_of(query, layer=layer)
        found.append(replace(model, name=name, reads=frozenset(each for each in names if each in query)))
    return found


def run(
    folder: Path, models: Sequence[Model], monkeypatch: pytest.MonkeyPatch, most: int
) -> tuple[dict[str, int], bool]:
    """The rows per table, and whether the events were found."""
    found = []

    def load_events(con: duckdb.DuckDBPyConnection, **_: object) -> None:
        found.append(con.execute("select count(*) from core.related_links").fetchall())
        con.execute("create table tidy.article_events as select 1 as a, 2 as b")

    monkeypatch.setattr(module, "load_events", load_events)
    monkeypatch.setattr(module, "load_kinds", lambda _: None)
    monkeypatch.setattr(module, "_MOST_BESIDE", most)
    with open_warehouse(folder / "it.duckdb", temp_directory=folder) as con:
        con.execute("create schema tidy")
        return run_all_models(con, models), bool(found)


@pytest.mark.parametrize("most", [0, 1], ids=["one after the other", "side by side"])
def test_models_run_before_beside_and_after_the_events_that_they_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    models = models_of(READS | OTHERS)
    tables = [model.full_name for model in models if not model.is_view]
    rows, are_events_found = run(tmp_path, models, monkeypatch, most)
    assert (list(rows.items()), are_events_found) == ([(table, 1) for table in tables], True)


def test_models_that_need_no_events_find_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = READS | {"core.beside": OTHERS["core.beside"]}
    rows, are_events_found = run(tmp_path, models_of(queries), monkeypatch, 1)
    assert (set(rows), are_events_found) == ({"core.translations", "core.related_links", "core.beside"}, False)


@pytest.mark.parametrize("most", [0, 1], ids=["one after the other", "side by side"])
def test_a_model_that_fails_beside_the_events_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    queries = READS | OTHERS | {"core.beside": "select error('broken') as a, 2 as b from core.related_links"}
    with pytest.raises(ModelError, match="broken"):
        run(tmp_path, models_of(queries), monkeypatch, most)
