"""Superset queries the published warehouse through its DuckDB driver, read-only, and sees each new snapshot."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from frontmart.catalog.models import read_models
from frontmart.catalog.sql_folder import SQL
from frontmart.snapshots.store import published, roll_back
from tests.bi.conftest import BIN
from tests.sample import SAMPLE, build_quietly

CONFIG = """
SECRET_KEY = {secret!r}
SQLALCHEMY_DATABASE_URI = {database!r}
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


@dataclass(frozen=True)
class Superset:
    """A running server, and the token of its administrator."""

    url: str
    token: str

    def ask(self, path: str, body: object = None) -> dict[str, object]:
        """The response of its API. Raises HTTPError with the response in its notes if the request fails."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", content, headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                found: dict[str, object] = json.load(answer)
        except urllib.error.HTTPError as error:
            error.add_note(error.read().decode())
            raise
        return found

    def rows(self, database: object, sql: str) -> list[dict[str, object]]:
        """The rows of a query in SQL Lab."""
        found = self.ask("sqllab/execute/", {"database_id": database, "sql": sql, "runAsync": False})["data"]
        assert isinstance(found, list)
        return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def superset(tmp_path_factory: pytest.TempPathFactory, elsewhere: Callable[..., str]) -> Iterator[Superset]:
    home = tmp_path_factory.mktemp("superset")
    password = secrets.token_hex(16)
    config = CONFIG.format(secret=secrets.token_hex(32), database=f"sqlite:///{home / 'superset.db'}")
    (home / "superset_config.py").write_text(config)
    env = {
        "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
        "SUPERSET_HOME": str(home),
        "FLASK_APP": "superset",
    }
    elsewhere("superset", "db", "upgrade", **env)
    admin = ["--username", "admin", "--firstname", "A", "--lastname", "B", "--email", "a@b.example"]
    elsewhere("superset", "fab", "create-admin", *admin, "--password", password, **env)
    elsewhere("superset", "init", **env)
    port = free_port()
    with (home / "log").open("wb") as log:
        command = [str(BIN / "superset"), "run", "--host", "127.0.0.1", "--port", str(port)]
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **env})
    try:
        yield Superset(f"http://127.0.0.1:{port}", token_of(f"http://127.0.0.1:{port}", password))
    finally:
        server.terminate()
        server.wait(60)


def token_of(url: str, password: str) -> str:
    body = json.dumps({"username": "admin", "password": password, "provider": "db", "refresh": True}).encode()
    request = urllib.request.Request(f"{url}/api/v1/security/login", body, {"Content-Type": "application/json"})
    end = time.monotonic() + 300
    while True:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(request, timeout=60) as answer:
            return str(json.load(answer)["access_token"])
        assert time.monotonic() < end, "Superset does not answer"
        time.sleep(1)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("out")).out


@pytest.fixture(scope="module")
def database(superset: Superset, out: Path) -> object:
    uri = f"duckdb:///{out}/published/warehouse.duckdb?access_mode=read_only"
    # Superset itself would refuse to write: here the warehouse has to.
    return superset.ask("database/", {"database_name": "Frontmart", "sqlalchemy_uri": uri, "allow_dml": True})["id"]


def test_it_lists_the_marts(superset: Superset, database: object, out: Path) -> None:
    found = superset.ask(f"database/{database}/tables/?q=(force:!t,schema_name:marts)")["result"]
    assert isinstance(found, list)
    assert sorted(table["value"] for table in found) == sorted(path.stem for path in published(out).marts.iterdir())


def test_it_answers_with_the_values_of_the_mart(superset: Superset, database: object, out: Path) -> None:
    columns = ["topic", "article_count", "article_share", "mean_heat"]
    rows = superset.rows(database, f"select {', '.join(columns)} from marts.coverage_by_topic order by topic_id")
    mart = pl.read_parquet(published(out).marts / "coverage_by_topic.parquet").sort("topic_id").select(columns)
    assert rows == mart.to_dicts()


def test_a_mart_becomes_a_dataset_whose_columns_have_their_types_and_meanings(
    superset: Superset, database: object
) -> None:
    made = superset.ask(
        "dataset/", {"database": database, "schema": "marts", "table_name": "coverage_by_topic_over_time"}
    )
    dataset = superset.ask(f"dataset/{made['id']}")["result"]
    assert isinstance(dataset, dict)
    columns = {column["column_name"]: (column["type"], column["is_dttm"]) for column in dataset["columns"]}
    assert columns["topic_id"] == ("VARCHAR", False)
    assert columns["article_count"] == ("BIGINT", False)
    assert columns["article_share"] == ("FLOAT", False)
    assert columns["period_start_date"] == ("DATE", True)
    assert columns["is_period_complete"] == ("BOOLEAN", False)
    model = next(model for model in read_models(SQL) if model.name == "coverage_by_topic_over_time")
    assert {column["column_name"]: column["description"] for column in dataset["columns"]} == model.columns


def test_it_cannot_write(superset: Superset, database: object) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        superset.rows(database, "create table marts.mine as select 1 as a")
    assert "read-only mode" in caught.value.__notes__[0]


def test_after_a_publish_the_next_query_sees_the_new_snapshot(
    superset: Superset, database: object, out: Path, tmp_path: Path
) -> None:
    query = "select max(as_of_date)::varchar as day from staging.build"
    assert superset.rows(database, query) == [{"day": "2026-01-31"}]
    first = published(out).id
    build_quietly(shutil.copytree(SAMPLE, tmp_path / "source"), out, as_of="2026-02-01", full=True)
    assert superset.rows(database, query) == [{"day": "2026-02-01"}]
    roll_back(out, first)
    assert superset.rows(database, query) == [{"day": "2026-01-31"}]
